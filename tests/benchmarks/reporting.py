"""Reporting: the measurements as one table, on the terminal and in docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.benchmarks.measuring import Counted, Measured

COLUMNS = ("Måling", "Grænse", "Forhold", "Sekunder", "Grænsens sekunder", "Rækker/s", "Top i hukommelsen")
COUNTS = ("Afsender", "Mails", "Ankommet", "Mærket sendt", "Drab", "Tabt", "Dobbelt")

EXPLAINED = """\
Hver måling står ved siden af sin egen grænse: det mindste, som databasen (og mailens opsætning) i sig selv koster.
De to sider måles skiftevis i samme kørsel, og det bedste af flere forsøg gælder, fordi maskinen deles med andre.
Forholdet er det, der kan sammenlignes mellem maskiner; sekunderne hører til den maskine, der står her.
Hukommelsen er det meste, som arbejdets egne Python-værdier fyldte, målt i en omgang for sig.
SQLite venter på disken ved hver transaktion; prøvernes PostgreSQL gør ikke.

- **Et år for 1.100 skoler**: 14 leverancer og en samtale pr. skole og to møder pr. skolegruppe planlægges, mødedatoer
  foreslås, og alt skrives. Grænsen er de samme rækker sat ind med databasens egen driver i én transaktion.
- **20 dage uden noget på tide**: blandt 1.000.000 leverancer i én kommune. Alle faser spørges hver dag (otte
  forespørgsler), og hjulets puls skrives. Den ene grænse er den indekserede forespørgsel om, hvad der vågner i dag,
  stillet gennem lageret; den anden er pulsens ene skrivning. Rækker/s er her leverancer pr. sekund, som ingen læser.
- **En dag med 15.400 leverancer på tide**: 14 leverancer åbner på én dag på 1.100 skoler. Grænsen er at sætte dagens
  mails op og sætte de samme rækker ind.
- **Et afspillet år for 15 skoler**: Kalundborgs hjul fra første til sidste dag. Grænsen er at sætte de samme mails
  op og sætte de samme rækker ind. Det, der begrænser, er dagene: på hver af dem spørges alle faser, om der er noget
  at gøre, og hver mail skrives til disken, når den er sendt. Årets rapport i to udgaver er regnet med.
- **Matrixen for 1.100 skoler**: 1.100 skoler med 14 leverancer hver midt i april, hentet som en browser gør det, fra
  forespørgsel til den sidste pakkede byte. Alt, der er læst, tegnet og pakket før, bruges igen, hvor det er det samme.
  »Efter en afgørelse« spørges databasen om hele skoleåret igen, uden at svaret læses; kun den ene forekomst, som der er
  sagt noget nyt om, læses, og kun dens linje og de stykker af siden, den står i, skrives og pakkes på ny. Det, der
  begrænser, er at hente de 16.600 rækker og afleveringerne fra databasen. »Efter en ændring, der ikke vedrører den« er
  det samme uden noget at skrive. »For en anden« er alt læst og tegnet, og kun sidens hoved laves. Grænsen er en
  skabelon, der løber over færdige celler og pakkes med trin 5; siden selv pakkes tæt (zlib, trin 8). På PostgreSQL er
  rækkerne talt (ANALYZE), som serveren selv gør det inden for et minut. Der er ingen mails i målingen.
  »Spurgt om igen« kender browseren siden: er databasens mærke, dagen, browserens cookies og adressen de samme, svares
  der 304, uden at noget slås op eller laves. Grænsen er et bart svar fra Starlette på den samme server; det, der
  begrænser, er serverens egen læsning af forespørgslen, sikkerhedshovederne og spørgsmålet om mærket (på PostgreSQL en
  tur til databasen, som der højst ventes to millisekunder på, før andre får tråden).
- **Tallene for 10.000 skoler læst**: en fil med de kolonner, som de 24 skolers rigtige fil har (ti nøgletal, en
  tiendedel tomme), fra bytes til 100.000 målinger, der hver er kontrolleret: kendt skole, skoleår og enhed,
  decimaltegnet afgjort af filens egne tal, intet tal to gange. Grænserne er pandas, som giver kolonner af tal og
  kontrollerer intet. Det, der begrænser os, er ét Python-objekt for hvert tal; alene at lave dem er den tredje
  grænse. For Excel kommer dertil, at pakken pakkes ud og gennemses, før calamine får den: hvor langt ude cellerne
  ligger, hvilke der vises som procent, og hvilke formler der fejler.
- **100.000 rækker hentet**: 25.000 skolers fire trivselsindikatorer med kommune, land og antal elever i ét svar på
  33 MB, fra opslaget i kataloget over HTTP på den samme maskine til 100.008 efterprøvede målinger. Den ene grænse
  er de samme bytes læst med `json.loads` og lagt i en pandas-tabel, uden net og uden at noget efterprøves; den anden er
  at læse dem og lave en måling af hver række. Det, der begrænser, er at lave 100.000 målinger, der hver især
  efterprøver sig selv (knap halvdelen af tiden), dernæst at hente og læse svaret (en fjerdedel).
- **10.000 forskellige indkaldelser sat op**: hver med sin egen skole, modtager, titel, sted og kalendernavn, fra
  besked til de endelige bytes. Grænsen er at udfylde skabelonerne og skrive kalenderen, men ingen mail. Kalenderens
  fælles linjer skrives én gang (zonen, arrangøren, beskrivelsen); resten går med skabelonerne (Jinja2 i sin
  sandkasse), mailens bytes, kodningen af emnelinjen og de linjer i kalenderen, som er den enkelte indkaldelses egne.
- **500 forskellige indkaldelser sat op**: de samme dele sat sammen med bibliotekets nyere klasse `EmailMessage`, som
  tager hvert felt i hovedet fra hinanden og folder det på ny.
- **Rapporten for 60 skoler som PDF**: alt læst fra databasen, vurderet, skjult, hvor der er for få elever, og sat som
  tagget PDF med indhold, tabeller, tegninger og en side pr. skole. Grænsen er de samme ord sat af typst på lige så
  mange sider uden tabeller, tegninger, tags og indhold. Begge sider får hver gang et nyt navn på hver side, fordi typst
  husker, hvad det har sat før. Rækker/s er her sider pr. sekund.
- **Ventende mails sendt**: rigtige påmindelser (4,7 kB, tekst og HTML), som alle sender til den samme smtp-sink over
  én forbindelse ad gangen, hver fra sin egen SQLite med `journal_mode=WAL` og `synchronous=FULL`. Vi spørger før hver
  mail, om den stadig er nødvendig, og mærker hver mail i sin egen transaktion, før den næste sendes. smtp-source har
  ingen kø og mærker intet. django-mailer mærker også mailene én for én. django-post_office mærker 100 ad gangen og
  sender derfor op til 100 mails to gange, hvis den bliver dræbt; med én ad gangen lover den det samme som vi. De to
  andre sætter mailen op, når den sendes; vi gør det, når den lægges i køen. Det, der begrænser os, er én skrivning
  til disken pr. mail og seks forespørgsler gennem SQLAlchemy, dernæst SMTP-samtalens svartider.
- **Dræbt igen og igen**: en arbejder dræbes med SIGKILL, højst 0,2 sekund efter at den er gået i gang (hver 20 drab
  lægger 0,2 sekund til), og en ny tager over, til alt er sendt. En mail tælles dobbelt, når den kom frem, men blev
  dræbt før mærket; den har samme Message-ID.

Den anden tabel tæller over alle omgange, hvad smtp-sink har taget imod, og hvad afsenderens database siger er sendt.

Mål selv med `make bench`; det kræver Postfix' måleværktøjer (`apt-get install --no-install-recommends postfix`).
Denne side skrives af
`make bench ARGS='--measured-on 2026-11-22 --machine "2 kerner, 24 GB, delt"'`.
"""


def rows_of(found: Iterable[Measured]) -> list[tuple[str, ...]]:
    """Give the cells of the table, with Danish numbers."""
    return [
        (
            each.what,
            each.limit,
            _number(each.ratio, 1),
            _number(each.seconds, 4 if each.seconds < 0.1 else 2),
            _number(each.limit_seconds, 4 if each.limit_seconds < 0.1 else 2),
            _number(each.rows / each.seconds, 0),
            f"{_number(each.memory, 1)} MB",
        )
        for each in found
    ]


def counts_of(counted: Iterable[Counted]) -> list[tuple[str, ...]]:
    """Give the cells of the table of counts."""
    return [
        (
            each.who,
            *(_number(value, 0) for value in (each.mails, each.arrived, each.marked)),
            *(_number(value, 0) for value in (each.kills, each.lost, each.doubled)),
        )
        for each in counted
    ]


def as_markdown(found: Iterable[Measured], counted: Iterable[Counted], *, machine: str, measured_on: str) -> str:
    """Write the page."""
    times = [COLUMNS, ("---", "---", "---:", "---:", "---:", "---:", "---:"), *rows_of(found)]
    counts = [COUNTS, ("---", *["---:"] * 6), *counts_of(counted)]
    tables = ["\n".join(f"| {' | '.join(row)} |" for row in table) for table in (times, counts)]
    title = "# Hvor hurtigt det går"
    return "\n\n".join([title, f"Målt {measured_on} på {machine}.", *tables, EXPLAINED])


def as_text(found: Iterable[Measured], counted: Iterable[Counted]) -> list[str]:
    """Lay the tables out for a terminal."""
    return [*_aligned([COLUMNS, *rows_of(found)]), "", *_aligned([COUNTS, *counts_of(counted)])]


def _aligned(table: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]


def _number(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))

// What KCalendarCore, KDE's calendar library, says of scheduling messages: `kcalendarcore FILE...`, and of
// calendars that somebody subscribes to, each by itself: `kcalendarcore --feed FILE...`.
//
// One line for each finding: file, kind, text, parted by tabs. Kinds: `error`; `obsolete`, when something newer has
// been read already (the files are read in order into one calendar, as a mail program would); `method`, `summary`,
// `description`, `starts`, `ends`, and `events`, how many meetings the calendar then holds.
#include <KCalendarCore/Event>
#include <KCalendarCore/Exceptions>
#include <KCalendarCore/ICalFormat>
#include <KCalendarCore/MemoryCalendar>
#include <KCalendarCore/ScheduleMessage>

#include <QFile>
#include <QTextStream>
#include <QTimeZone>

using namespace KCalendarCore;

static QTextStream out(stdout);

static QString current;

static void say(const char *kind, QString text)
{
    text.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
    text.replace(QLatin1Char('\n'), QLatin1String("\\n"));
    text.replace(QLatin1Char('\t'), QLatin1String("\\t"));
    out << current << '\t' << kind << '\t' << text << '\n';
}

// The library tells the log, and not the caller, which rules of iTIP are broken.
static void hear(QtMsgType type, const QMessageLogContext &, const QString &text)
{
    if (type != QtDebugMsg && type != QtInfoMsg) {
        say("error", text.trimmed());
    }
}

static void keep(const MemoryCalendar::Ptr &calendar, const ScheduleMessage::Ptr &message, const Event::Ptr &event)
{
    if (message->status() == ScheduleMessage::Obsolete) {
        return;
    }
    if (const auto known = calendar->event(event->uid())) {
        calendar->deleteEvent(known);
    }
    if (message->method() == iTIPRequest) {
        calendar->addEvent(event);
    }
}

static void check(const MemoryCalendar::Ptr &calendar)
{
    QFile file(current);
    if (!file.open(QIODevice::ReadOnly)) {
        say("error", file.errorString());
        return;
    }
    ICalFormat format;
    const auto message = format.parseScheduleMessage(calendar, QString::fromUtf8(file.readAll()));
    if (!message || format.exception()) {
        const auto *trouble = format.exception();
        say("error", QStringLiteral("this is no scheduling message (%1)").arg(trouble ? trouble->code() : -1));
        return;
    }
    if (!message->error().isEmpty()) {
        say("error", message->error());
    }
    const auto event = message->event().dynamicCast<Event>();
    if (!event) {
        say("error", QStringLiteral("this is no meeting"));
        return;
    }
    if (event->organizer().email().isEmpty()) {
        say("error", QStringLiteral("nobody invites"));
    }
    if (event->attendeeCount() == 0) {
        say("error", QStringLiteral("nobody is invited"));
    }
    if (!event->dtStart().isValid() || !event->hasEndDate()) {
        say("error", QStringLiteral("the meeting does not begin and end"));
    }
    say("method", ScheduleMessage::methodName(message->method()));
    if (message->status() == ScheduleMessage::Obsolete) {
        say("obsolete", event->uid());
    }
    say("summary", event->summary());
    say("description", event->description());
    say("starts", QString::number(event->dtStart().toSecsSinceEpoch()));
    say("ends", QString::number(event->dtEnd().toSecsSinceEpoch()));
    keep(calendar, message, event);
    say("events", QString::number(calendar->events().count()));
}

static void checkFeed()
{
    QFile file(current);
    if (!file.open(QIODevice::ReadOnly)) {
        say("error", file.errorString());
        return;
    }
    const MemoryCalendar::Ptr calendar(new MemoryCalendar(QTimeZone::utc()));
    ICalFormat format;
    if (!format.fromRawString(calendar, file.readAll()) || format.exception()) {
        const auto *trouble = format.exception();
        say("error", QStringLiteral("this is no calendar (%1)").arg(trouble ? trouble->code() : -1));
        return;
    }
    say("events", QString::number(calendar->events().count()));
}

int main(int count, char **paths)
{
    out.setCodec("UTF-8");
    qInstallMessageHandler(hear);
    const bool isFeed = count > 1 && qstrcmp(paths[1], "--feed") == 0;
    const MemoryCalendar::Ptr calendar(new MemoryCalendar(QTimeZone::utc()));
    for (int at = isFeed ? 2 : 1; at < count; ++at) {
        current = QString::fromLocal8Bit(paths[at]);
        if (isFeed) {
            checkFeed();
        } else {
            check(calendar);
        }
    }
    out.flush();
    return 0;
}

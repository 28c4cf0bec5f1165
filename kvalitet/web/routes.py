"""Routes: every page, and the right that it asks for."""

from __future__ import annotations

from kvalitet.adapters.access.openid.logging_in import ANSWERS_AT
from kvalitet.rights import Right
from kvalitet.web.access import login_pages, openid_pages, people_pages
from kvalitet.web.access.guarding import LOGIN, Page
from kvalitet.web.pages import (
    board_pages,
    confirm_pages,
    dialogue_pages,
    feed_pages,
    form_pages,
    health,
    occurrence_pages,
    reminder_forms,
    school_pages,
    statement_pages,
)
from kvalitet.web.pages.delivering import decision_forms, deliver_forms, draft_forms
from kvalitet.web.pages.entering import enter_forms
from kvalitet.web.pages.extracts import extract_pages, review_forms
from kvalitet.web.pages.figures import indicator_pages, origin_pages, overview_pages
from kvalitet.web.pages.goals import goal_pages
from kvalitet.web.pages.history import audit_pages, log_pages
from kvalitet.web.pages.mail import inbox_pages, mail_forms, mail_pages, preview_pages
from kvalitet.web.pages.matrix import agreement_forms, cell_pages, matrix_pages
from kvalitet.web.pages.meetings import agenda_forms, meeting_forms
from kvalitet.web.pages.reports import report_pages
from kvalitet.web.year import year_pages

_HERE = "/{municipality}"
_ONE = f"{_HERE}/forekomst/{{key}}"
_MAIL = f"{_HERE}/mail/{{mail:int}}"
_INCOMING = f"{_HERE}/indbakke/{{incoming:int}}"
_PULL = f"{_HERE}/udtraek/{{pull:int}}"

PAGES = (
    Page("/", board_pages.front, None),
    Page("/healthz", health.alive, None),
    Page("/readyz", health.ready, None),
    Page("/kalender/{token}/{name}.ics", feed_pages.calendar, None),
    Page("/tilgaengelighed", statement_pages.accessibility, None),
    Page("/was", statement_pages.was, None),
    Page("/privatliv", statement_pages.privacy, None),
    # --- Logging in
    Page(LOGIN, login_pages.choose, None),
    Page(f"{LOGIN}/link/{{token}}", login_pages.link, None),
    Page(f"{LOGIN}/link/{{token}}", login_pages.post_link, None, "POST"),
    Page(ANSWERS_AT, openid_pages.come_back, None),
    Page(f"{LOGIN}/{{municipality}}", login_pages.login, None),
    Page(f"{LOGIN}/{{municipality}}/openid", openid_pages.leave, None),
    Page(f"{LOGIN}/{{municipality}}/link", login_pages.post_request, None, "POST"),
    Page(f"{LOGIN}/{{municipality}}/demonstration", login_pages.post_demonstration, None, "POST"),
    Page("/log-ud", login_pages.post_logout, None, "POST"),
    # --- The year
    Page(f"{_HERE}/", board_pages.board, Right.SEE_YEAR),
    Page(f"{_HERE}/hjul.svg", year_pages.wheel_file, Right.SEE_YEAR),
    Page(f"{_HERE}/hjul.pdf", year_pages.wheel_paper, Right.SEE_YEAR),
    Page(f"{_HERE}/hjul.ics", year_pages.dates, Right.SEE_YEAR),
    Page(f"{_HERE}/tidslinje", year_pages.timeline, Right.SEE_YEAR),
    Page(f"{_HERE}/liste", year_pages.listing, Right.SEE_YEAR),
    # --- The extracts
    Page(f"{_HERE}/tal/indtast", enter_forms.form, Right.ENTER_FIGURES),
    Page(f"{_HERE}/tal/indtast", enter_forms.post_entry, Right.ENTER_FIGURES, "POST"),
    Page(f"{_HERE}/udtraek", extract_pages.listing, Right.SEE_YEAR),
    Page(_PULL, extract_pages.show, Right.HANDLE_EXTRACTS),
    Page(f"{_PULL}/svar", extract_pages.answer, Right.HANDLE_EXTRACTS),
    Page(f"{_PULL}/afgoer", review_forms.post_review, Right.HANDLE_EXTRACTS, "POST"),
    Page(f"{_HERE}/rapport", report_pages.listing, Right.SEE_YEAR),
    Page(f"{_HERE}/rapport", report_pages.post_version, Right.DECIDE, "POST"),
    Page(f"{_HERE}/rapport/forhaandsvisning", report_pages.preview, Right.SEE_SCHOOLS),
    Page(f"{_HERE}/rapport/{{year}}/{{version:int}}/{{file}}", report_pages.download, Right.SEE_YEAR),
    # --- Goals and figures
    Page(f"{_HERE}/maal", goal_pages.show, Right.SEE_SCHOOLS, stays=True),
    Page(f"{_HERE}/maal.csv", goal_pages.csv_file, Right.SEE_SCHOOLS),
    Page(f"{_HERE}/maal.xlsx", goal_pages.xlsx_file, Right.SEE_SCHOOLS),
    Page(f"{_HERE}/maal/{{goal}}/{{unit}}", goal_pages.verdict, Right.SEE_SCHOOLS),
    Page(f"{_HERE}/noegletal", overview_pages.show, Right.SEE_SCHOOLS, stays=True),
    Page(f"{_HERE}/noegletal.csv", overview_pages.csv_file, Right.SEE_SCHOOLS),
    Page(f"{_HERE}/noegletal.xlsx", overview_pages.xlsx_file, Right.SEE_SCHOOLS),
    Page(f"{_HERE}/noegletal/{{indicator}}", indicator_pages.show, Right.SEE_SCHOOLS, stays=True),
    Page(f"{_HERE}/tal/{{indicator}}/{{school_year}}/{{unit}}", origin_pages.show, Right.SEE_SCHOOLS, stays=True),
    # --- Schools and what they deliver
    Page(f"{_HERE}/skoler", matrix_pages.show, Right.SEE_SCHOOLS, stays=True),
    Page(f"{_HERE}/skoler.csv", matrix_pages.csv_file, Right.SEE_SCHOOLS),
    Page(f"{_HERE}/skoler.xlsx", matrix_pages.xlsx_file, Right.SEE_SCHOOLS),
    Page(f"{_HERE}/aktivitet/{{activity}}", board_pages.activity, Right.SEE_SCHOOLS),
    Page(f"{_HERE}/aktivitet/{{activity}}/paamind", reminder_forms.ask, Right.FOLLOW_UP),
    Page(f"{_HERE}/aktivitet/{{activity}}/paamind", reminder_forms.post_reminder, Right.FOLLOW_UP, "POST"),
    Page(f"{_HERE}/skole/{{number}}", school_pages.school, Right.SEE_SCHOOLS),
    Page(f"{_HERE}/skole/{{number}}/aflevering/{{activity}}", cell_pages.show, Right.SEE_SCHOOLS),
    Page(f"{_HERE}/skole/{{number}}/paamind", reminder_forms.ask, Right.FOLLOW_UP),
    Page(f"{_HERE}/skole/{{number}}/paamind", reminder_forms.post_reminder, Right.FOLLOW_UP, "POST"),
    Page(f"{_HERE}/skole/{{number}}/opkald", agreement_forms.ask_about_call, Right.FOLLOW_UP),
    Page(f"{_HERE}/skole/{{number}}/opkald", agreement_forms.post_call_of_school, Right.FOLLOW_UP, "POST"),
    Page(f"{_HERE}/skole/{{number}}/pause", reminder_forms.post_pause, Right.EXEMPT, "POST"),
    Page(f"{_HERE}/skole/{{number}}/pause/afslut", reminder_forms.post_end_of_pause, Right.EXEMPT, "POST"),
    Page(_ONE, occurrence_pages.show, Right.SEE_SCHOOLS),
    Page(f"{_ONE}/aflever", deliver_forms.form, Right.DELIVER),
    Page(f"{_ONE}/aflever", deliver_forms.post_delivery, Right.DELIVER, "POST", lapsed=draft_forms.keep_lapsed),
    Page(
        f"{_ONE}/kladde", draft_forms.post_draft, Right.DELIVER, "POST", lapsed=draft_forms.keep_lapsed, is_deed=False
    ),
    Page(f"{_ONE}/kladde/slet", draft_forms.post_removal, Right.DELIVER, "POST"),
    Page(f"{_ONE}/afgoer", decision_forms.post_decision, Right.DECIDE, "POST"),
    Page(f"{_ONE}/afgoer/fortryd", decision_forms.post_undoing, Right.DECIDE, "POST"),
    Page(f"{_ONE}/kvittering/{{version:int}}", occurrence_pages.receipt, Right.SEE_SCHOOLS),
    Page(f"{_ONE}/fil/{{version:int}}", occurrence_pages.download, Right.SEE_SCHOOLS),
    Page(f"{_ONE}/samtaleark", dialogue_pages.sheet, Right.SEE_SCHOOLS),
    Page(f"{_ONE}/samtaleark.pdf", dialogue_pages.pdf, Right.SEE_SCHOOLS),
    Page(f"{_ONE}/bilag/{{paper:int}}", occurrence_pages.paper, Right.SEE_SCHOOLS),
    Page(f"{_ONE}/paamind", reminder_forms.ask, Right.FOLLOW_UP),
    Page(f"{_ONE}/paamind", reminder_forms.post_reminder, Right.FOLLOW_UP, "POST"),
    Page(f"{_ONE}/fritag", form_pages.post_waiver, Right.EXEMPT, "POST"),
    Page(f"{_ONE}/udsaet", agreement_forms.post_extension, Right.EXEMPT, "POST"),
    Page(f"{_ONE}/udsaet/fortryd", agreement_forms.post_end_of_extension, Right.EXEMPT, "POST"),
    Page(f"{_ONE}/opkald", agreement_forms.post_call, Right.FOLLOW_UP, "POST"),
    Page(f"{_ONE}/indkald", meeting_forms.post_booking, Right.ARRANGE, "POST"),
    Page(f"{_ONE}/flyt", meeting_forms.post_move, Right.ARRANGE, "POST"),
    Page(f"{_ONE}/dagsorden", agenda_forms.post_agenda, Right.ARRANGE, "POST"),
    Page(f"{_ONE}/aflys", meeting_forms.post_cancellation, Right.ARRANGE, "POST"),
    # A file that came by mail is confirmed by the link that only its sender got.
    Page(f"{_HERE}/bekraeft/{{token}}", confirm_pages.show, None),
    Page(f"{_HERE}/bekraeft/{{token}}", confirm_pages.post_confirmation, None, "POST"),
    # --- Mails and calendars
    Page(f"{_HERE}/forhaandsvisning", preview_pages.show, Right.SEE_MAILS),
    Page(f"{_HERE}/forhaandsvisning/mail", preview_pages.html, Right.READ_MAILS),
    Page(f"{_HERE}/udbakke", mail_pages.listing, Right.SEE_MAILS),
    Page(f"{_HERE}/udbakke/pause", mail_forms.post_pause, Right.HANDLE_MAILS, "POST"),
    Page(f"{_HERE}/udbakke/genoptag", mail_forms.post_resumption, Right.HANDLE_MAILS, "POST"),
    Page(f"{_HERE}/udbakke/frigiv", mail_forms.post_release, Right.HANDLE_MAILS, "POST"),
    Page(f"{_HERE}/udbakke/adresse", mail_forms.post_unmarking, Right.HANDLE_MAILS, "POST"),
    Page(_MAIL, mail_pages.show, Right.SEE_MAILS),
    Page(f"{_MAIL}/html", mail_pages.html, Right.READ_MAILS),
    Page(f"{_MAIL}/mail.eml", mail_pages.source, Right.READ_MAILS),
    Page(f"{_MAIL}/{{action}}", mail_forms.post_mail, Right.HANDLE_MAILS, "POST"),
    Page(f"{_HERE}/indbakke", inbox_pages.listing, Right.READ_MAILS),
    Page(_INCOMING, inbox_pages.show, Right.READ_MAILS),
    Page(f"{_INCOMING}/mail.eml", inbox_pages.source, Right.READ_MAILS),
    Page(f"{_INCOMING}/set", inbox_pages.post_seen, Right.READ_MAILS, "POST"),
    Page(f"{_HERE}/kalendere", feed_pages.listing, Right.SUBSCRIBE),
    Page(f"{_HERE}/kalendere", feed_pages.post_feed, Right.SUBSCRIBE, "POST"),
    Page(f"{_HERE}/kalendere/{{feed:int}}/tilbagekald", feed_pages.post_revocation, Right.SUBSCRIBE, "POST"),
    # --- Who is let in
    Page(f"{_HERE}/adgang", people_pages.listing, Right.MANAGE_ACCESS),
    Page(f"{_HERE}/adgang", people_pages.post_grant, Right.MANAGE_ACCESS, "POST"),
    Page(f"{_HERE}/adgang/{{grant:int}}/tilbagekald", people_pages.post_revocation, Right.MANAGE_ACCESS, "POST"),
    Page(f"{_HERE}/adgang/log-ud", people_pages.post_logout_of, Right.MANAGE_ACCESS, "POST"),
    # --- What happened
    Page(f"{_HERE}/log", log_pages.listing, Right.SEE_LOG),
    Page(f"{_HERE}/revisionsspor", audit_pages.listing, Right.SEE_LOG),
    Page(f"{_HERE}/revisionsspor.csv", audit_pages.export, Right.SEE_LOG),
)

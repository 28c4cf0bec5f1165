/* What libical, GNOME's calendar library, says of calendars: `libical FILE...`.
 *
 * One line for each finding: file, kind, text, parted by tabs. Kinds: `error`, and `starts` with each
 * meeting's first instant, computed from the VTIMEZONE in the file and from nothing else.
 */
#include <libical/ical.h>

#include <stdio.h>
#include <stdlib.h>

static char *contents_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(2);
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = calloc(1, (size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) {
        perror(path);
        exit(2);
    }
    fclose(file);
    return text;
}

/* The parser and the restriction check both leave their complaints as properties of the component. */
static void print_errors(const char *path, icalcomponent *component)
{
    icalproperty *error = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY);
    for (; error; error = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY)) {
        printf("%s\terror\t%s\n", path, icalproperty_get_xlicerror(error));
    }
    icalcomponent *inner = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
    for (; inner; inner = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT)) {
        print_errors(path, inner);
    }
}

static void print_start(const char *path, icalcomponent *calendar, icalcomponent *event)
{
    icalproperty *start = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
    if (!start) {
        return;
    }
    icalparameter *named = icalproperty_get_first_parameter(start, ICAL_TZID_PARAMETER);
    icaltimezone *zone = named ? icalcomponent_get_timezone(calendar, icalparameter_get_tzid(named)) : NULL;
    if (named && !zone) {
        printf("%s\terror\tthe time zone %s is not defined\n", path, icalparameter_get_tzid(named));
        return;
    }
    struct icaltimetype at = icalproperty_get_dtstart(start);
    if (!zone) {
        zone = icaltimezone_get_utc_timezone();
    }
    printf("%s\tstarts\t%lld\n", path, (long long)icaltime_as_timet_with_zone(at, zone));
}

static void print_starts(const char *path, icalcomponent *calendar)
{
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    for (; event; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        print_start(path, calendar, event);
    }
}

int main(int count, char **paths)
{
    icalerror_set_errors_are_fatal(0);
    for (int at = 1; at < count; at++) {
        char *text = contents_of(paths[at]);
        icalcomponent *calendar = icalparser_parse_string(text);
        if (!calendar || icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT) {
            printf("%s\terror\tthis is not one calendar\n", paths[at]);
        } else {
            int is_valid = icalrestriction_check(calendar);
            print_errors(paths[at], calendar);
            if (!is_valid && icalcomponent_count_errors(calendar) == 0) {
                printf("%s\terror\tthe rules of iTIP are broken\n", paths[at]);
            }
            print_starts(paths[at], calendar);
        }
        if (calendar) {
            icalcomponent_free(calendar);
        }
        free(text);
    }
    return 0;
}

// What ical.js, Thunderbird's calendar engine, says of calendars in strict mode: `node icaljs.mjs ICAL FILE...`.
//
// One line for each finding: file, kind, text, parted by tabs. Kinds: `error`; `starts` and `ends`, each
// meeting's instants, computed from the VTIMEZONE in the file and from nothing else; `summary`, `description`.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [engine, ...files] = process.argv.slice(2);
const { default: ICAL } = await import(pathToFileURL(engine));
ICAL.design.strict = true;

const MAILBOX = /^mailto:[^@\s:<>]+@[^@\s:<>]+$/i;

function say(file, kind, text) {
  const plain = String(text).replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  process.stdout.write(`${file}\t${kind}\t${plain}\n`);
}

/** Give every property of a component and of those inside it. */
function* properties(component) {
  yield* component.getAllProperties();
  for (const inner of component.getAllSubcomponents()) {
    yield* properties(inner);
  }
}

/** Read each value and parameter, which is where the engine finds what is wrong with them. */
function complaints(property) {
  const found = [];
  for (const value of property.getValues()) {
    const text = String(value);
    if (property.type === "cal-address" && !MAILBOX.test(text)) {
      found.push(`${property.name} is no mailbox: ${text}`);
    }
    if (value instanceof ICAL.Time && Number.isNaN(value.toUnixTime())) {
      found.push(`${property.name} is no time: ${text}`);
    }
  }
  for (const [name, said] of Object.entries(property.jCal[1])) {
    const known = ICAL.design.icalendar.param[name]?.values;
    if (known && ![said].flat().every((one) => known.includes(String(one).toUpperCase()))) {
      found.push(`${name} of ${property.name} is not one of ${known.join(" ")}: ${said}`);
    }
  }
  return found;
}

/** Read a time by the file's own zone; the engine's own tables are not asked. */
function instant(calendar, property) {
  const time = property.getFirstValue().clone();
  const name = property.getParameter("tzid");
  if (name) {
    const zone = calendar.getAllSubcomponents("vtimezone").find((one) => one.getFirstPropertyValue("tzid") === name);
    if (!zone) {
      throw new Error(`the time zone ${name} is not defined`);
    }
    time.zone = new ICAL.Timezone(zone);
  }
  return time.toUnixTime();
}

function check(file) {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  const calendar = new ICAL.Component(ICAL.parse(text));
  if (calendar.name !== "vcalendar") {
    throw new Error("this is not one calendar");
  }
  for (const property of properties(calendar)) {
    for (const complaint of complaints(property)) {
      say(file, "error", complaint);
    }
  }
  const events = calendar.getAllSubcomponents("vevent");
  if (!events.length) {
    throw new Error("there is no meeting");
  }
  for (const event of events) {
    for (const [kind, name] of [["starts", "dtstart"], ["ends", "dtend"]]) {
      say(file, kind, instant(calendar, event.getFirstProperty(name)));
    }
    for (const name of ["summary", "description"]) {
      say(file, name, event.getFirstPropertyValue(name) ?? "");
    }
  }
}

for (const file of files) {
  try {
    check(file);
  } catch (error) {
    say(file, "error", error.message);
  }
}

// Keeps a part of the page fresh: it is asked for again, and swapped when it has changed. Without this script the page
// stands as it was loaded. Focus, scroll and what is typed elsewhere on the page stay where they are.
"use strict";
// A page that is open and left alone is not to keep its session alive: after half an hour it asks no more.
const LONGEST_REST = 30 * 60 * 1000;
let touched = Date.now();
for (const sign of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
  document.addEventListener(sign, () => { touched = Date.now(); }, { passive: true });
}
for (const part of document.querySelectorAll("[data-live]")) {
  const seconds = Number(part.dataset.live);
  const others = (part.dataset.liveAlso || "").split(" ").filter(Boolean);
  const status = document.getElementById(part.dataset.liveStatus);
  let known = "";
  let isAsking = false;

  const say = (text) => {
    if (status && status.textContent !== text) status.textContent = text;
  };

  const place = (focused) => {
    if (!part.contains(focused) || focused === part) return null;
    const href = focused.getAttribute("href");
    const same = [...part.querySelectorAll("a")].filter((link) => link.getAttribute("href") === href);
    return { href, number: same.indexOf(focused) };
  };

  const swap = (fresh) => {
    const focus = place(document.activeElement);
    const [left, top] = [part.scrollLeft, part.scrollTop];
    part.replaceChildren(...fresh.childNodes);
    [part.scrollLeft, part.scrollTop] = [left, top];
    if (focus) {
      const same = [...part.querySelectorAll("a")].filter((link) => link.getAttribute("href") === focus.href);
      (same[focus.number] || same[0] || part).focus({ preventScroll: true });
    }
  };

  const show = (page) => {
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.innerHTML === part.innerHTML) return;
    swap(fresh);
    for (const id of others) {
      const [old, now] = [document.getElementById(id), page.getElementById(id)];
      if (old && now) old.replaceChildren(...now.childNodes);
    }
    say(`Tabellen er opdateret kl. ${new Date().toLocaleTimeString("da-DK", { hour: "2-digit", minute: "2-digit" })}.`);
  };

  // Another script has changed something and been answered with the page as it is now.
  part.addEventListener("fresh", (event) => {
    show(event.detail);
    say(event.detail.getElementById("sket")?.textContent || "");
  });

  const look = async () => {
    if (isAsking || document.hidden) return;
    if (Date.now() - touched > LONGEST_REST) {
      say("Tabellen hviler. Rør ved siden, så følger den med igen.");
      return;
    }
    isAsking = true;
    try {
      // The browser sends the ETag that it knows; what has not changed is not sent again.
      const answer = await fetch(location.href, { cache: "no-cache", credentials: "same-origin" });
      if (answer.redirected) {
        say("Du er logget ud. Hent siden igen for at se den seneste status.");
        return;
      }
      const mark = answer.headers.get("etag");
      if (!answer.ok || (mark && mark === known)) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      known = mark || "";
      show(page);
    } catch {
      // The server does not answer just now; the next look may find it.
    } finally {
      isAsking = false;
    }
  };

  setInterval(look, seconds * 1000);
  document.addEventListener("visibilitychange", look);
}

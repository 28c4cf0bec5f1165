// Keeps what is typed as a draft some seconds after typing stops and when the page is left, and warns before the session ends.
"use strict";

(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const state = document.getElementById("kladde");
  const warning = document.getElementById("udløb");
  const AFTER = 3000;
  const AGAIN = 30000;
  const WARN = 5 * 60;
  let timer = 0;
  let ending = [];
  let changed = false;
  let sent = false;

  function texts() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  async function save(leaving = false) {
    clearTimeout(timer);
    if (sent) return;
    changed = false;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: texts(),
        headers: { accept: "application/json" },
        keepalive: leaving,
      });
      const told = await answer.json();
      state.textContent = told.saved;
      if (told.login) {
        const link = document.createElement("a");
        link.href = told.login;
        link.textContent = "Log ind igen, og fortsæt";
        state.append(" ", link);
        warning.hidden = true;
      } else {
        count(told.seconds_left);
      }
    } catch {
      changed = true;
      timer = setTimeout(() => save(), AGAIN);
      state.textContent = "Kladden kunne ikke gemmes lige nu. Det, du har skrevet, står her endnu.";
    }
  }

  function count(seconds) {
    ending.forEach(clearTimeout);
    warning.hidden = true;
    const lead = Math.min(WARN, seconds / 2);
    ending = [
      setTimeout(() => {
        const minutes = Math.max(1, Math.round(lead / 60));
        warning.querySelector("[data-when]").textContent = `Det sker om ${minutes} ${minutes === 1 ? "minut" : "minutter"}.`;
        warning.hidden = false;
        if (changed) save();
      }, (seconds - lead) * 1000),
      setTimeout(() => save(), seconds * 1000 + 1000),
    ];
  }

  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(() => save(), AFTER);
  });
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && changed) save(true);
  });
  window.addEventListener("pagehide", () => {
    if (changed) save(true);
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });
  warning.querySelector("[data-stay]").addEventListener("click", () => save());
  count(Number(form.dataset.secondsLeft));
})();

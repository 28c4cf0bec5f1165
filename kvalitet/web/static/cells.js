// Opens what can be done about a cell of the matrix on the spot. Without this script the cell leads to a page with the
// same forms, which leads back to the same schools.
"use strict";
const table = document.querySelector("[data-live]");
const box = document.createElement("dialog");
box.className = "cell-box";
box.setAttribute("aria-labelledby", "felt-titel");
document.body.append(box);
let opener = "";

const say = (text) => {
  let line = box.querySelector(".cell-problem");
  if (!line) {
    line = document.createElement("p");
    line.className = "cell-problem note";
    line.setAttribute("role", "alert");
    box.prepend(line);
  }
  line.textContent = text;
};

const closing = () => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-secondary cell-close";
  button.textContent = "Luk";
  button.addEventListener("click", () => box.close());
  return button;
};

const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

const open = async (link) => {
  const answer = await fetch(link.href, { credentials: "same-origin" });
  // What has been delivered meanwhile has a page of its own, and so has the login.
  if (!answer.ok || answer.redirected) return location.assign(link.href);
  const found = (await read(answer)).getElementById("felt");
  if (!found) return location.assign(link.href);
  opener = link.getAttribute("href");
  box.replaceChildren(closing(), found);
  box.showModal();
  box.scrollTop = 0;
  box.querySelector("h1").focus();
};

const send = async (form) => {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  const page = await read(answer);
  if (!answer.ok) return say((page.querySelector("#problem .alert-text") || page.querySelector("main p")).textContent);
  if (new URL(answer.url).pathname !== location.pathname) {
    return say("Du er logget ud. Kopiér det, du har skrevet, og hent siden igen.");
  }
  box.close();
  table.dispatchEvent(new CustomEvent("fresh", { detail: page }));
};

document.addEventListener("click", (event) => {
  const link = event.target.closest(".board-table td:not([class]) > a[data-label]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(link).catch(() => location.assign(link.href));
});
box.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button) button.disabled = true;
  send(event.target)
    .catch(() => say("Serveren svarer ikke. Det, du har skrevet, står her endnu; prøv igen om lidt."))
    .finally(() => { if (button) button.disabled = false; });
});
box.addEventListener("close", () => {
  const same = [...document.querySelectorAll(".board-table td > a")].find((a) => a.getAttribute("href") === opener);
  (same || table).focus({ preventScroll: true });
  box.replaceChildren();
});

// The form of a delivery: focus on what is wrong, more rows without waiting, and last year's answers. All of it works without.
"use strict";

document.querySelector("[data-focus]")?.focus();

function addRows(table, count) {
  const key = table.dataset.rows;
  const body = table.tBodies[0];
  for (let added = 0; added < count; added += 1) {
    const last = body.rows[body.rows.length - 1];
    const number = body.rows.length + 1;
    const row = last.cloneNode(true);
    row.cells[0].textContent = String(number);
    for (const cell of row.cells) {
      cell.classList.remove("form-error");
      cell.querySelector(".form-error-message")?.remove();
    }
    for (const field of row.querySelectorAll("textarea")) {
      const column = field.name.split(".").pop();
      field.name = `${key}.${number}.${column}`;
      field.id = `felt-${field.name}`;
      field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+$/, String(number)));
      field.removeAttribute("aria-describedby");
      field.removeAttribute("aria-invalid");
      field.value = "";
    }
    body.append(row);
  }
  table.closest("form").elements[`rækker.${key}`].setAttribute("value", String(body.rows.length));
}

for (const button of document.querySelectorAll("[data-more]")) {
  button.addEventListener("click", (event) => {
    const table = document.querySelector(`table[data-rows="${button.dataset.more}"]`);
    event.preventDefault();
    const before = table.tBodies[0].rows.length;
    addRows(table, Math.min(3, 50 - before));
    table.tBodies[0].rows[before]?.querySelector("textarea").focus();
  });
}

// What was answered takes the place of all that stands in the field; a table gets the rows that it takes.
function copyInto(form, key, places) {
  const table = form.querySelector(`table[data-rows="${key}"]`);
  if (table) {
    const numbers = Object.keys(places).map((name) => Number(name.split(".")[1]));
    addRows(table, Math.max(...numbers) - table.tBodies[0].rows.length);
    for (const cell of table.querySelectorAll("textarea")) cell.value = "";
  }
  const fields = Object.entries(places).filter(([name]) => form.elements[name]);
  for (const [name, text] of fields) {
    form.elements[name].value = text;
    form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
  }
  [...form.elements].find((field) => field.name in places)?.focus();
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copyInto(button.form, button.dataset.to, JSON.parse(button.dataset.copy)));
}

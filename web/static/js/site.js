// Enhancement only: every page works without this file.
"use strict";

// After a form was not accepted, the summary is read and seen first.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

// A second click on a button that has already sent its form does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// One open menu at a time; Escape and a click elsewhere close it.
const menus = document.querySelectorAll(".site-header details");
document.addEventListener("click", (event) => {
  menus.forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menus.forEach((menu) => {
    if (!menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

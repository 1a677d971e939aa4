// Adds what needs a script: copy buttons beside feeds, and counts in the builder as topics are chosen.
"use strict";

for (const list of document.querySelectorAll("[data-copy]")) addCopying(list);

function addCopying(list) {
  for (const feed of list.querySelectorAll("a.feed")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = list.dataset.copy;
    button.setAttribute("aria-label", feed.dataset.what);
    button.addEventListener("click", async () => {
      await copy(feed.href);
      button.textContent = list.dataset.copied;
      setTimeout(() => { button.textContent = list.dataset.copy; }, 2000);
    });
    feed.after(button);
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return;
  } catch { /* without TLS there is no clipboard to write to, and with it a browser may refuse */ }
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

const builder = document.querySelector("form[data-combine]");
if (builder) {
  const output = builder.querySelector("output");
  let asked = 0;
  let waiting = 0;
  builder.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });

  async function show() {
    const number = ++asked;
    const url = new URL(builder.dataset.combine, location.href);
    for (const [name, value] of new FormData(builder)) url.searchParams.append(name, value);
    const answer = await (await fetch(url)).json();
    if (number !== asked) return; // a later choice was quicker
    const told = document.createElement("span");
    told.textContent = answer.told;
    output.replaceChildren(...(answer.path ? [link(answer.link, answer.path), " "] : []), told);
    for (const feed of answer.feeds) output.append(" ", offer(feed));
    addCopying(output);
  }

  function offer(feed) {
    const row = document.createElement("span");
    const url = document.createElement("code");
    const badge = link(feed.url, feed.name, "feed");
    row.className = "offer";
    badge.dataset.what = feed.what;
    url.textContent = feed.url;
    row.append(badge, " ", url);
    return row;
  }

  function link(href, text, name) {
    const anchor = document.createElement("a");
    anchor.href = href;
    anchor.textContent = text;
    if (name) anchor.className = name;
    return anchor;
  }
}

// Looks at the page that it is put into, as somebody with eyes, a keyboard or a screen reader would, and tells the page
// around it. `pages.rs` reads it.
const shown = (element) => element.checkVisibility();
const closed = [...document.querySelectorAll("details")].filter((details) => !details.open);
closed.forEach((details) => { details.open = true; });
const rows = () => [...document.querySelectorAll(".matrix tbody tr:not(.group)")];
const visible = () => rows().filter(shown).length;
const seen = { width: innerWidth, dark: matchMedia("(prefers-color-scheme: dark)").matches, title: document.title };

// What reaches beyond the right edge: all of it, but for what stands in a region that scrolls.
seen.scrolls = document.documentElement.scrollWidth > document.documentElement.clientWidth;
seen.outside = [...document.body.querySelectorAll("*")]
  .filter((e) => shown(e) && !e.closest(".scroll, .skip") && e.getBoundingClientRect().right > innerWidth + 0.5)
  .map((e) => e.outerHTML.slice(0, 80));
seen.table_scrolls = (() => {
  const region = document.querySelector(".scroll:has(.matrix)");
  return region.scrollWidth > region.clientWidth;
})();
seen.rows_reach_outside = innerWidth < 700 && rows().some((row) => row.getBoundingClientRect().right > innerWidth);

seen.headings = [...document.querySelectorAll("h1, h2, h3")].map((h) => `${h.localName} ${h.textContent}`);
seen.groups = [...document.querySelectorAll(".matrix .group th")].map((th) => th.textContent.trim());
seen.names = rows().map((row) => (row.querySelector("summary") ?? row.firstChild).firstChild.textContent);
seen.cells = Object.fromEntries(rows().map((row, n) => {
  const cells = [...row.querySelectorAll("td")].map((td) => td.textContent);
  return [seen.names[n], cells];
}));
// On a phone each says which resource it is about.
seen.labelled = [...document.querySelectorAll(".matrix td:not(:empty)")].every((td) =>
  getComputedStyle(td, "::before").content !== "none");
seen.elements = [...document.querySelectorAll("script, img, link, iframe, object, base")].map((e) => e.localName);
seen.fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
seen.closed = closed.length;

// For a screen reader.
seen.language = document.documentElement.lang;
seen.unscoped = [...document.querySelectorAll("th:not([scope])")].length;
seen.unlabelled = [...document.querySelectorAll("input")].filter((e) => e.labels.length === 0).length;
seen.duplicates = [...document.querySelectorAll("[id]")].filter((e) => document.querySelectorAll(`#${e.id}`).length > 1).length;

// By keyboard: everything that can be reached shows that it is.
const reachable = [...document.querySelectorAll("a[href], input, summary, [tabindex='0']")].filter(shown);
seen.reachable = reachable.length;
seen.first = reachable[0].textContent;
seen.unmarked = reachable.filter((element) => {
  element.focus();
  const marked = element.type === "radio" ? element.nextElementSibling : element;
  const style = getComputedStyle(marked);
  return document.activeElement !== element || style.outlineStyle === "none" || style.outlineWidth === "0px";
}).map((e) => e.outerHTML.slice(0, 80));
const skip = document.querySelector(".skip");
skip.focus();
seen.skip_is_on_screen = skip.getBoundingClientRect().top >= 0;
document.activeElement.blur();

// The least contrast of a text with what is behind it.
const rgb = (color) => color.match(/[\d.]+/g).map(Number);
const light = (color) => {
  const part = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = rgb(color).map(part);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const color = getComputedStyle(e).backgroundColor;
    if ((rgb(color)[3] ?? 1) > 0) return color;
  }
  return "rgb(255, 255, 255)";
};
const contrasts = [...document.body.querySelectorAll("*")]
  .filter((e) => shown(e) && !e.closest(".skip") && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
  .map((e) => {
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((a, b) => b - a);
    return [(a + 0.05) / (b + 0.05), e.outerHTML.slice(0, 80)];
  });
[seen.least_contrast, seen.least_readable] = contrasts.reduce((least, one) => (one[0] < least[0] ? one : least));

// The filters.
const click = (id) => document.getElementById(id).click();
const input = document.getElementById("search");
const type = (text) => {
  input.value = text;
  input.dispatchEvent(new Event("input"));
};
const none = () => shown(document.querySelector(".none"));
seen.all = visible();
seen.search_is_offered = shown(input);
seen.by_verdict = Object.fromEntries([...document.querySelectorAll("[name=verdict]")].map((radio) => {
  radio.click();
  return [radio.id, visible()];
}));
click("v-all");
seen.by_resource = Object.fromEntries([...document.querySelectorAll("[name=resource]")].map((radio) => {
  radio.click();
  return [radio.parentElement.textContent.trim(), visible()];
}));
seen.empty = [...document.querySelectorAll("[name=verdict]")].flatMap((verdict) => {
  verdict.click();
  return [...document.querySelectorAll("[name=resource]")].map((resource) => {
    resource.click();
    return visible() === 0 ? none() : !none();
  });
}).every(Boolean);
click("v-all");
click("r-all");
seen.search = Object.fromEntries(["SESSION agentd", "agentd::cli", "nothing-like-it"].map((text) => {
  type(text);
  return [text, [visible(), document.querySelector("output").textContent]];
}));
type("");
parent.postMessage(JSON.stringify(seen), "*");

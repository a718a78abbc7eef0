// The page to try unspin on: what is pasted or dropped is repaired, and each edit explained.

import { ask, counted, inText, made, one, shown, theme, verdictLine } from "./parts.js";

const say = (error) => { one("trouble").textContent = error ? error.message : ""; one("trouble").hidden = !error; };

const cell = (...inside) => made("td", "", ...inside);

const reasons = (edits, title) => {
  const table = made("table", "reasons");
  const head = table.createTHead().insertRow();
  for (const name of ["before", "after", "or", "confidence", "rule"]) {
    const heading = made("th", "", name);
    heading.scope = "col";
    head.append(heading);
  }
  const body = table.createTBody();
  for (const edit of edits) {
    const others = edit.alternatives.map((offer) => `${shown(offer.after)} ${offer.probability.toFixed(2)}`).join(", ");
    const line = body.insertRow();
    line.append(cell(made("del", "", shown(edit.before))), cell(made("ins", "", shown(edit.after))), cell(others),
      cell(edit.confidence.toFixed(2)), cell(made("code", "", edit.rule)));
  }
  const box = made("div", "scroll", table);
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", title);
  return made("details", "", made("summary", "", title), box);
};

/** A text with its edits in place. Offsets are code points, where JavaScript counts halves of pairs. */
const inPlace = (text, edits) => {
  const points = [...text];
  const box = made("div", "text");
  box.dir = "auto";
  let at = 0;
  for (const edit of edits) {
    const place = inText(edit.before, edit.after);
    place.title = `${edit.rule}, ${edit.confidence.toFixed(2)}`;
    box.append(points.slice(at, edit.start).join(""), place);
    at = edit.end;
  }
  box.append(points.slice(at).join(""));
  return box;
};

const article = (document_) => {
  const { verdict, edits, suggestions } = document_;
  const box = made("article", "", document_.name ? made("h2", "", document_.name) : "",
    made("p", "about", verdictLine(verdict), ` · ${counted(edits.length, "edit")}`), inPlace(document_.text, edits));
  if (verdict.phrases.length) {
    const strongest = verdict.phrases.map(([phrase, weight]) => `${phrase} (${weight > 0 ? "+" : ""}${weight})`).join(", ");
    box.append(made("p", "about", `Strongest evidence, in nats: ${strongest}`));
  }
  if (edits.length) box.append(reasons(edits, "Each edit, with its alternatives"));
  if (suggestions.length) box.append(reasons(suggestions, "What might be changed, and was not"));
  const first = box.querySelector("details");
  if (first) first.open = true;
  return box;
};

let asked = 0;
const repair = async (sent, name) => {
  const mine = (asked += 1);
  say(null);
  one("progress").textContent = "Reading …";
  try {
    const found = await ask(`repair?name=${encodeURIComponent(name)}`, sent);
    if (mine !== asked) return;
    one("found").replaceChildren(...found.documents.map(article));
    say(found.trouble ? { message: found.trouble } : null);
    const count = counted(found.documents.length, "document");
    one("progress").textContent = found.more ? `${count}, and more that are not shown`
      : found.documents.length || found.trouble ? count : "No text was found in it.";
  } catch (error) {
    if (mine !== asked) return;
    one("progress").textContent = "";
    one("found").replaceChildren();
    say(error);
  }
};

one("drop").addEventListener("submit", (event) => { event.preventDefault(); repair(one("text").value, ""); });
one("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); one("drop").requestSubmit(); }
});
one("file").addEventListener("change", () => { const [file] = one("file").files; if (file) repair(file, file.name); });
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    one("drop").classList.toggle("over", name === "dragover");
    if (name !== "drop") return;
    const [file] = event.dataTransfer.files;
    if (file) repair(file, file.name);
  });
}
theme(one("theme"));

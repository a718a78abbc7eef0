// The page on which the edits of a run are reviewed.

import { WindowedList } from "./list.js";
import { ask, counted, inText, made, one, shown, theme, verdictLine } from "./parts.js";

const POLL = 2000; // milliseconds between two looks at what other windows decided
const RETRY = 700; // milliseconds until a text that is still being read is asked for again
const STATES = { accept: "accepted", reject: "rejected", keep: "rejected: never here", ignore: "rejected: never this rule", open: "open" };

let edits = [];
let since = 0;
let current = -1;
let phrase = "";
let offered = [];
const decided = new Map(); // number of an edit -> its decision
const ignored = new Set(); // rules
const undone = []; // what takes this window's decisions back, the last at the end

const say = (error) => { one("trouble").textContent = error ? error.message : ""; one("trouble").hidden = !error; };

/** What holds about an edit: its own decision, else that about its rule. */
const state = (n) => decided.get(n)?.decision ?? (ignored.has(edits[n].rule) ? "ignore" : "open");
const wording = (n) => (decided.get(n)?.decision === "accept" ? decided.get(n).after : edits[n].after);

const row = (n) => {
  const edit = edits[n];
  const line = made("div", `row ${state(n)}`);
  const change = made("span", "change", made("del", "", shown(edit.before)), " ", made("ins", "", shown(wording(n))));
  const about = made("span", "small", `${edit.confidence.toFixed(2)} · ${STATES[state(n)]} · ${edit.id ?? edit.source}`);
  line.append(made("span", "sign", { accept: "✓", open: "·" }[state(n)] ?? "✗"), change, about);
  return line;
};
const list = new WindowedList(one("list"), row, (n) => { current = n; detail(); });

// Which edits are shown.

const fits = () => {
  const [low, high] = one("confidence").value.split(" ").map(Number);
  const [wanted, stage, family, rule] = ["state", "stage", "family", "rule"].map((id) => one(id).value);
  const [name, words] = ["document", "search"].map((id) => one(id).value.trim().toLowerCase());
  return (edit, n) => edit.confidence >= low && (edit.confidence < high || high === 1)
    && (!stage || edit.stage.split("+").includes(stage)) && (!family || edit.family === family)
    && (!rule || edit.rule.split("+").includes(rule))
    && (!name || edit.names.includes(name)) && (!words || edit.words.includes(words))
    && (!wanted || (wanted === "reject" ? !["accept", "open"].includes(state(n)) : state(n) === wanted));
};

const filter = () => {
  const fit = fits();
  const found = [];
  edits.forEach((edit, n) => { if (fit(edit, n)) found.push(n); });
  if (one("order").value === "doubt") found.sort((a, b) => edits[a].confidence - edits[b].confidence || a - b);
  one("shown").textContent = `${counted(found.length, "edit")} shown`;
  unsure();
  list.show(found, current);
};

const options = (id, key) => {
  const names = new Set(edits.flatMap((edit) => edit[key].split("+")));
  names.delete("");
  one(id).append(...[...names].sort().map((name) => made("option", "", name)));
};

const progress = () => {
  let open = 0;
  let accepted = 0;
  for (let n = 0; n < edits.length; n += 1) {
    const its = state(n);
    open += its === "open" ? 1 : 0;
    accepted += its === "accept" ? 1 : 0;
  }
  one("progress").textContent = `${counted(edits.length, "edit")}: ${accepted.toLocaleString("en")} accepted, `
    + `${(edits.length - open - accepted).toLocaleString("en")} rejected, ${open.toLocaleString("en")} open`;
};

// The edit that is looked at.

const summary = () => {
  const nothing = current < 0;
  one("edit").classList.toggle("empty", nothing);
  if (nothing) {
    for (const id of ["where", "about", "decided", "never", "verdict"]) one(id).textContent = "";
    one("change").textContent = "No edit is shown";
    one("context").replaceChildren();
    one("alternatives").replaceChildren();
    return;
  }
  const edit = edits[current];
  one("where").textContent = [edit.id ?? `at ${edit.at}`, edit.source, edit.field].filter(Boolean).join(" · ");
  one("change").replaceChildren(made("del", "", shown(edit.before)), " ", made("ins", "", shown(wording(current))));
  one("about").replaceChildren(`confidence ${edit.confidence.toFixed(2)} · `, made("code", "", edit.rule), ` · ${edit.stage}`);
  one("decided").textContent = `Decided: ${STATES[state(current)]}`;
  one("decided").className = state(current);
};

let asked = 0;
const detail = async () => {
  summary();
  const [n, mine] = [current, (asked += 1)];
  offered = [];
  phrase = "";
  if (n < 0) return;
  one("wording").value = wording(n);
  try {
    const found = await ask(`edit?n=${n}`);
    if (mine !== asked) return; // another edit is looked at by now
    if (found.waiting) {
      one("context").textContent = "The text is being read …";
      setTimeout(() => { if (mine === asked) detail(); }, RETRY);
    } else explain(found);
  } catch (error) { say(error); }
};

const explain = (found) => {
  if (!found.pieces) {
    one("context").textContent = found.error || "The text is not there.";
    one("alternatives").replaceChildren();
    one("never").textContent = "";
    one("verdict").textContent = "";
    return;
  }
  const pieces = found.pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    const edit = inText(edits[piece].before, wording(piece));
    edit.classList.add(piece === found.n ? "hit" : "other");
    return edit;
  });
  one("context").replaceChildren(found.cut[0] ? "… " : "", ...pieces, found.cut[1] ? " …" : "");
  const hit = one("context").querySelector(".hit");
  if (hit) one("context").scrollTop = Math.max(0, hit.offsetTop - one("context").offsetTop - one("context").clientHeight / 2);
  phrase = found.phrase;
  one("never").textContent = phrase ? `“Never here” keeps “${phrase}”.` : "";
  offered = found.alternatives;
  one("alternatives").replaceChildren(...offered.map((offer, number) => {
    const button = made("button", "", made("kbd", "", String(number + 1)), " ", made("ins", "", shown(offer.after)), made("span", "small", ` ${offer.probability.toFixed(2)}`));
    button.type = "button";
    button.title = offer.rule;
    button.addEventListener("click", () => accept(offer.after));
    return made("li", "", button);
  }));
  one("verdict").replaceChildren(...(found.verdict ? [verdictLine(found.verdict),
    found.sentence === null || found.sentence === undefined ? "" : ` · this sentence ${found.sentence.toFixed(2)}`] : []));
};

// Decisions.

const take = (answer) => {
  for (const made of answer.decisions) {
    if (made.rule !== undefined) ignored[made.decision === "ignore" ? "add" : "delete"](made.rule);
    else if (made.decision === "open") decided.delete(made.n);
    else decided.set(made.n, made);
  }
  since = answer.next;
  if (answer.decisions.length) { progress(); list.render(); summary(); }
};

// One request after another: an answer says what is new since the one before.
let turn = Promise.resolve();
const inTurn = (address, sent) => {
  turn = turn.then(async () => { take(await ask(`${address}?since=${since}`, sent)); say(null); }).catch(say);
  return turn;
};
const send = (decisions) => inTurn("decisions", JSON.stringify(decisions));

const before = (n) => {
  const old = decided.get(n);
  return old ? { n, decision: old.decision, after: old.after, phrase: old.phrase } : { n, decision: "open" };
};

const decide = (decision) => {
  const n = decision.n ?? current;
  undone.push(decision.rule === undefined ? [before(n)] : [{ rule: decision.rule, decision: "open" }]);
  if (list.items[list.at + 1] !== undefined) list.go(list.at + 1);
  return send([decision]);
};
const accept = (after) => decide({ n: current, decision: "accept", after });

const actions = {
  accept: () => accept(edits[current].after),
  reject: () => decide({ n: current, decision: "reject" }),
  keep: () => (phrase ? decide({ n: current, decision: "keep", phrase }) : undefined),
  ignore: () => decide({ rule: edits[current].rule, decision: "ignore" }),
  undo: () => {
    const back = undone.pop();
    if (!back) return undefined;
    const place = back[0].n === undefined ? -1 : list.items.indexOf(back[0].n);
    if (place >= 0) list.go(place);
    return send(back);
  },
  next: () => list.go(list.at + 1),
  previous: () => list.go(list.at - 1),
};
const act = (name) => { if (current >= 0 || name === "undo") actions[name](); };

// Accepting all that are shown is asked for twice.
let sure = false;
const unsure = () => { sure = false; one("all").textContent = "Accept all that are shown"; };
one("all").addEventListener("click", () => {
  const open = list.items.filter((n) => state(n) === "open");
  if (!open.length) return;
  if (!sure) {
    sure = true;
    one("all").textContent = `Accept ${counted(open.length, "open edit")}: press again`;
    return;
  }
  unsure();
  undone.push(open.map(before));
  send(open.map((n) => ({ n, decision: "accept" })));
});
one("all").addEventListener("blur", unsure);

// Keyboard and controls.

const KEYS = { a: "accept", r: "reject", n: "keep", x: "ignore", u: "undo", j: "next", k: "previous", ArrowDown: "next", ArrowUp: "previous" };
const PAGES = { PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { one("list").focus(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const inList = event.target === one("list");
  let done = true;
  if (KEYS[event.key] && (inList || !event.key.startsWith("Arrow"))) act(KEYS[event.key]);
  else if (PAGES[event.key] && inList) list.go(list.at + PAGES[event.key]);
  else if (event.key === "/") one("search").focus();
  else if (event.key === "e" && current >= 0) { one("wording").focus(); one("wording").select(); }
  else if (/^[1-9]$/.test(event.key) && offered[event.key - 1]) accept(offered[event.key - 1].after);
  else done = false;
  if (done) event.preventDefault();
});
for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", () => act(button.dataset.do));
one("own").addEventListener("submit", (event) => {
  event.preventDefault();
  if (current < 0) return;
  accept(one("wording").value);
  one("list").focus();
});
one("controls").addEventListener("submit", (event) => { event.preventDefault(); one("list").focus(); });
one("controls").addEventListener("change", filter);
for (const id of ["document", "search"]) one(id).addEventListener("input", filter);
theme(one("theme"));
if (matchMedia("(max-width: 48rem)").matches) one("filters").open = false;

const begin = async () => {
  const found = await ask("edits");
  edits = found.edits.map((cells) => Object.fromEntries(found.columns.map((name, number) => [name, cells[number]])));
  for (const edit of edits) {
    edit.names = `${edit.id ?? ""} ${edit.source}`.toLowerCase();
    edit.words = `${edit.before} ${edit.after}`.toLowerCase();
  }
  document.title = `Review of ${found.run}`;
  one("file").textContent = found.file;
  if (found.more) say(new Error(`The run has more edits than these ${edits.length.toLocaleString("en")}; the others are not shown.`));
  for (const key of ["stage", "family", "rule"]) options(key, key);
  take(await ask("decisions?since=0"));
  progress();
  filter();
  one("list").focus();
  setInterval(() => inTurn("decisions"), POLL);
};
begin().catch(say);

// What both pages are made with. Nothing of a text is ever markup: it goes through textContent.

export const one = (id) => document.getElementById(id);

/** An element with a class, and what it holds: texts and elements. */
export const made = (name, look = "", ...inside) => {
  const element = document.createElement(name);
  if (look) element.className = look;
  element.append(...inside.filter((part) => part !== null && part !== ""));
  return element;
};

export const counted = (count, what) => `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;

/** What is seen of a text on one line; what cannot be seen has a name. */
export const shown = (text) => (text === "" ? "nothing" : text.trim() === "" ? "blank" : text.replace(/\s+/g, " "));

/** An edit as it stands in its text. */
export const inText = (before, after) => {
  const both = made("span", "edit");
  if (before) both.append(made("del", "", before));
  if (after) both.append(made("ins", "", after));
  return both;
};

export const verdictLine = (verdict) => {
  const kind = ["clean", "mixed", "spun"].includes(verdict.label) ? verdict.label : "";
  const line = made("span", "verdict", made("span", `label ${kind}`, verdict.label), ` score ${verdict.score.toFixed(2)}`);
  if (verdict.family) line.append(` · family ${verdict.family} (${verdict.family_probability.toFixed(2)})`);
  return line;
};

/** The answer to a question or to what is sent, as JSON; an Error with the server's own words. */
export const ask = async (address, sent) => {
  let answer;
  try {
    answer = await fetch(address, sent === undefined ? {} : { method: "POST", body: sent });
  } catch {
    throw new Error("The server does not answer: unspin review has ended. Start it again.");
  }
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(found.error || `The server refuses: ${answer.status}`);
  return found;
};

/** The button that changes between light and dark. */
export const theme = (button) => {
  const root = document.documentElement;
  const preferred = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : preferred.matches);
  const name = () => {
    button.textContent = dark() ? "Light" : "Dark";
    button.setAttribute("aria-pressed", String(dark()));
  };
  button.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; name(); });
  preferred.addEventListener("change", name);
  name();
};

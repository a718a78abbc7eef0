"use strict";
(() => {
  const root = document.documentElement;
  const one = (id) => document.getElementById(id);
  const theme = one("theme");
  const preferred = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : preferred.matches);
  const name = () => { theme.textContent = dark() ? "Light" : "Dark"; theme.setAttribute("aria-pressed", String(dark())); };
  theme.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; name(); });
  preferred.addEventListener("change", name);
  name();

  const articles = [...document.querySelectorAll("article")];
  const texts = new Map(articles.map((article) => [article, article.textContent.toLowerCase()]));
  const [why, family, stage, rule, search, view] = ["why", "family", "stage", "rule", "search", "view"].map(one);

  const sides = (article) => {
    const text = article.querySelector(".text");
    let both = article.querySelector(".sides");
    if (view.value === "sides" && !both) {
      both = document.createElement("div");
      both.className = "sides";
      for (const [side, title] of [["left", "As it came in"], ["right", "Repaired"]]) {
        const column = document.createElement("div");
        const head = document.createElement("h4");
        head.textContent = title;
        const copy = text.cloneNode(true);
        copy.hidden = false;
        column.className = side;
        column.append(head, copy);
        both.append(column);
      }
      text.after(both);
    }
    text.hidden = view.value === "sides";
    if (both) both.hidden = view.value !== "sides";
  };

  const update = () => {
    const wanted = search.value.trim().toLowerCase();
    const filtered = Boolean(stage.value || rule.value);
    let count = 0;
    for (const article of articles) {
      if (!article.isConnected) continue;
      sides(article);
      let matching = 0;
      for (const edit of article.querySelectorAll("[data-rule]")) {
        const fits = (!stage.value || edit.dataset.stage.split("+").includes(stage.value))
          && (!rule.value || edit.dataset.rule.split("+").includes(rule.value));
        matching += fits ? 1 : 0;
        edit.classList.toggle("other", filtered && !fits);
        edit.classList.toggle("hit", filtered && fits && edit.tagName === "SPAN");
        if (edit.tagName === "TR") edit.hidden = filtered && !fits;
      }
      const shown = (!why.value || article.dataset.why.split(" ").includes(why.value))
        && (!family.value || article.dataset.family === family.value)
        && (!filtered || matching > 0) && (!wanted || texts.get(article).includes(wanted));
      article.hidden = !shown;
      count += shown ? 1 : 0;
    }
    one("shown").textContent = count === 1 ? "1 document" : `${count} documents`;
  };
  for (const control of [why, family, stage, rule, view]) control.addEventListener("change", update);
  search.addEventListener("input", update);
  one("controls").addEventListener("submit", (event) => event.preventDefault());
  update();
})();

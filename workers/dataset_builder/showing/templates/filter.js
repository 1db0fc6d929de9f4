(() => {
  "use strict";
  const form = document.querySelector("form.filters");
  const cards = [...document.querySelectorAll("article.sample")];
  const names = ["outcome", "type", "language", "code", "document"];
  const plain = (text) => text.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();
  const values = (card, name) => (card.dataset[name] || "").split("\n").filter(Boolean);

  for (const name of names) {
    const found = new Map();
    for (const card of cards) {
      for (const value of values(card, name)) {
        const known = found.get(value) || { label: card.dataset[name + "Label"] || value, count: 0 };
        found.set(value, { label: known.label, count: known.count + 1 });
      }
    }
    const select = form.elements[name];
    select.add(new Option(form.dataset.all, ""));
    const entries = [...found].sort(([, a], [, b]) => a.label.localeCompare(b.label, document.documentElement.lang));
    for (const [value, { label, count }] of entries) select.add(new Option(`${label} (${count})`, value));
    select.parentElement.hidden = found.size < 2 && name !== "code" || found.size < 1;
  }

  const apply = () => {
    const wanted = names.map((name) => [name, form.elements[name].value]).filter(([, value]) => value);
    const text = plain(form.elements.text.value);
    let shown = 0;
    for (const card of cards) {
      const fits = wanted.every(([name, value]) => values(card, name).includes(value));
      card.hidden = !(fits && (!text || plain(card.textContent).includes(text)));
      if (!card.hidden) shown += 1;
    }
    for (const group of document.querySelectorAll("section.group")) {
      const own = group.querySelectorAll("article.sample");
      group.hidden = own.length > 0 && ![...own].some((card) => !card.hidden);
    }
    const status = form.dataset.shown.replace("{shown}", shown).replace("{all}", cards.length);
    form.querySelector("[role=status]").textContent = status;
  };

  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();

// The page is whole without this. It adds a search by name to the filters.
(() => {
  const input = document.getElementById("search");
  if (!input) return;
  const found = document.querySelector(".search output");
  const bodies = [...document.querySelectorAll(".matrix tbody")].map((body) => ({
    body,
    rows: [...body.querySelectorAll("tr:not(.group)")].map((row) => {
      // Its name and its binary, without the evidence.
      const name = row.querySelector("summary") ?? row.firstChild;
      return { row, text: name.textContent.toLowerCase() };
    }),
  }));
  const total = bodies.reduce((sum, { rows }) => sum + rows.length, 0);
  const search = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let all = 0;
    for (const { body, rows } of bodies) {
      let shown = 0;
      for (const { row, text } of rows) {
        const matches = words.every((word) => text.includes(word));
        row.hidden = !matches;
        if (matches) shown += 1;
      }
      body.hidden = shown === 0;
      all += shown;
    }
    found.textContent = words.length === 0 ? "" : `${all} of ${total}`;
  };
  input.closest("form").addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", search);
  document.querySelector(".search").hidden = false;
  search();
})();

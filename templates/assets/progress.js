"use strict";

// Keeps the counts of a running delivery up to date; without it the page shows
// those of the moment it was loaded.
for (const section of document.querySelectorAll("[data-progress]")) {
  const source = new EventSource(section.dataset.progress);
  source.addEventListener("tally", (event) => {
    const tally = JSON.parse(event.data);
    if (tally === null) return;
    for (const place of section.querySelectorAll("[data-count]")) {
      place.textContent = tally[place.dataset.count];
    }
    const bar = section.querySelector("progress");
    bar.max = Math.max(tally.all, 1);
    bar.value = tally.done;
  });
  source.addEventListener("state", () => {
    source.close();
    location.reload();
  });
}

/**
 * Imports with scripts: a file dropped anywhere on the page is sent, and the counts move while a worker reads it.
 * Without scripts the form does the same, and the page loads itself anew.
 */

const running = /** @type {HTMLElement | null} */ (document.querySelector("[data-import]"));
if (running) follow(running);

addEventListener("dragover", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  tell("Drop the file to import it.");
});

addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) tell("");
});

addEventListener("drop", (event) => {
  const file = event.dataTransfer?.files[0];
  if (!file) return;
  event.preventDefault();
  tell(`Sending ${file.name} …`);
  send(file);
});

/** @param {File} file */
async function send(file) {
  const answer = await fetch(`/v1/imports?filename=${encodeURIComponent(file.name.slice(0, 255))}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream", "X-Scholium": "1" },
    body: file,
  }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (answer?.ok) location.href = `/library/imports?id=${said.id}`;
  else tell(said?.detail ?? "The file could not be sent.");
}

/** @param {string} text */
function tell(text) {
  const place = document.querySelector("[data-progress], [data-said], [data-dropped]");
  if (place && place.textContent !== text) place.textContent = text;
}

/** @param {HTMLElement} section */
function follow(section) {
  const events = new EventSource(`/v1/imports/${section.dataset.import}/stream`);
  events.addEventListener("progress", (event) => {
    const { counts } = JSON.parse(/** @type {MessageEvent} */ (event).data);
    const bar = section.querySelector("progress");
    if (bar && counts.total) {
      bar.max = counts.total;
      bar.value = counts.imported + counts.merged + counts.reported;
      tell(`${bar.value} of ${counts.total} records.`);
    }
  });
  events.addEventListener("done", () => {
    events.close();
    location.reload();
  });
}

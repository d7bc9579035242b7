// Show how far a file is on its way, and say before it starts when it is too large.
addEventListener("htmx:xhr:progress", (event) => {
  const form = event.target.closest("#upload");
  const { loaded, total, lengthComputable } = event.detail;
  if (!form || !lengthComputable) return;
  const percent = Math.round((loaded / total) * 100);
  form.querySelector("progress").value = percent;
  form.querySelector("[data-percent]").textContent = `${percent} %`;
});
addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("#upload");
  const file = form?.querySelector("input[type=file]").files[0];
  if (!file || file.size <= Number(form.dataset.limit)) return;
  event.preventDefault();
  const problem = form.querySelector(".problem");
  problem.textContent = problem.dataset.tooLarge;
});

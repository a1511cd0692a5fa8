() => {
  window.caveat.applyLooks();

  // The links of an answer lead to places on this page: go there without leaving it, and open what is folded there.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('.cv-turn a[href^="#"]') : null;
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    const folded = target.classList.contains("cv-source") ? target.querySelector("details.cv-quotes") : null;
    if (folded) folded.open = true;
    document.querySelectorAll(".cv-here").forEach((element) => element.classList.remove("cv-here"));
    target.classList.add("cv-here");
    target.focus({ preventScroll: true });
    target.scrollIntoView({ behavior: window.caveat.calm() ? "auto" : "smooth", block: folded ? "nearest" : "center" });
  });

  // A question that an answer suggests is asked as if it had been typed, unless one is being answered.
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button.cv-follow") : null;
    const box = button && document.querySelector("#cv-box textarea");
    const ask = button && document.querySelector("#cv-box .submit-button");
    if (!box || !ask) return;
    box.value = button.textContent.trim();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    window.setTimeout(() => ask.click(), 0);
  });

  // "Copy" takes the citation that stands before it.
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("button.cv-copy") : null;
    const text = button && button.parentElement.querySelector(".cv-citation");
    if (!text) return;
    const words = button.textContent;
    button.textContent = (await window.caveat.copy(text.textContent.trim())) ? "Copied" : "Select the text to copy it";
    window.setTimeout(() => (button.textContent = words), 2500);
  });

  // A click on a mark of the evidence map picks its cell: the lists beside it are filled, as if by hand.
  const pick = (cell) => {
    const box = document.querySelector("#cv-picked textarea, #cv-picked input");
    if (!box) return;
    box.value = cell;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  new MutationObserver(() => {
    const plot = document.querySelector("#cv-map .js-plotly-plot");
    if (!plot || plot.cvBound || !plot.on) return;
    plot.cvBound = true;
    plot.on("plotly_click", (event) => pick([...event.points[0].customdata, Date.now()].join("\t")));
  }).observe(document.body, { childList: true, subtree: true });

  // A new question comes to the top of the window, and again when its answer has made the page long enough for that,
  // unless the reader has scrolled meanwhile. A reader whose button went away goes on from the conversation.
  const start = () => {
    const places = ["cv-transcript", "cv-current"].map((id) => document.getElementById(id));
    const live = document.getElementById("cv-live");
    if (!live || places.includes(null)) return window.setTimeout(start, 50);
    live.setAttribute("role", "status");
    live.setAttribute("aria-live", "polite");
    places[0].tabIndex = -1;
    let turns = 0;
    let waiting = false;
    let scrolledTo = 0;
    let timer = 0;
    const follow = () => {
      const all = document.querySelectorAll(".cv-turn");
      const last = all[all.length - 1];
      const toTop = () => {
        if (all.length > 1) last.scrollIntoView({ block: "start" });
        else window.scrollTo(0, 0);
        scrolledTo = window.scrollY;
      };
      if (all.length > turns) {
        waiting = true;
        toTop();
      }
      if (waiting && last && !last.querySelector(".cv-progress")) {
        waiting = false;
        if (Math.abs(window.scrollY - scrolledTo) < 8) toTop();
        if (document.activeElement === document.body) places[0].focus({ preventScroll: true });
      }
      turns = all.length;
    };
    const settled = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(follow, 40);
    };
    places.forEach((place) => new MutationObserver(settled).observe(place, { childList: true, subtree: true }));
    settled();
  };
  start();
}

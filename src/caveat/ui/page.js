() => {
  // The links of an answer lead to places on this page: go there without leaving it, and open what is folded there.
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('.cv-turn a[href^="#"]') : null;
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    const folded = target.classList.contains("cv-source") ? target.querySelector("details") : null;
    if (folded) folded.open = true;
    document.querySelectorAll(".cv-here").forEach((element) => element.classList.remove("cv-here"));
    target.classList.add("cv-here");
    target.focus({ preventScroll: true });
    target.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: folded ? "nearest" : "center" });
  });

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

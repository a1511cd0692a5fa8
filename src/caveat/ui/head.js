// Runs before the page is drawn: what this browser was told to look like, and the few things only a browser can do.
(() => {
  const KEY = "caveat-looks-1";
  const ALLOWED = [["normal", "large", "largest"], ["device", "light", "dark"], ["device", "less"]];

  const looks = () => {
    let kept = [];
    try {
      kept = JSON.parse(localStorage.getItem(KEY) || "[]");
    } catch {
      kept = []; // storage is closed to this page, or holds something else
    }
    return ALLOWED.map((allowed, i) => (Array.isArray(kept) && allowed.includes(kept[i]) ? kept[i] : allowed[0]));
  };

  const darkDevice = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const [size, colours, motion] = looks();
    const root = document.documentElement;
    root.classList.toggle("cv-large", size === "large");
    root.classList.toggle("cv-largest", size === "largest");
    root.classList.toggle("cv-calm", motion === "less");
    const dark = colours === "dark" || (colours === "device" && darkDevice.matches);
    if (document.body) document.body.classList.toggle("dark", dark);
    root.style.colorScheme = dark ? "dark" : "light";
  };

  window.caveat = {
    looks,
    setLooks(values) {
      try {
        localStorage.setItem(KEY, JSON.stringify(values));
      } catch {
        /* the choice lasts until the page is closed */
      }
      apply();
    },
    applyLooks: apply,
    calm: () => looks()[2] === "less" || window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    download(file) {
      if (!file || !file.name) return;
      const url = URL.createObjectURL(new Blob([file.text], { type: file.type }));
      const link = document.createElement("a");
      link.href = url;
      link.download = file.name;
      document.body.append(link);
      link.click();
      link.remove();
      window.setTimeout(() => URL.revokeObjectURL(url), 10000);
    },
    async copy(text) {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        const box = document.createElement("textarea"); // a page without https has no clipboard
        box.value = text;
        document.body.append(box);
        box.select();
        const done = document.execCommand("copy");
        box.remove();
        return done;
      }
    },
  };
  darkDevice.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  apply();
})();

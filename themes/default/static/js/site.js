// Display settings and reading aloud. Pages are whole without this script: settings then hold for the page they are made on.
(function () {
  var doc = document, root = doc.documentElement, store;
  try { store = localStorage; } catch (refused) { store = null; }
  function kept(key) { try { return store.getItem(key) || ""; } catch (refused) { return ""; } }
  function keep(key, value) { try { if (value) store.setItem(key, value); else store.removeItem(key); } catch (refused) { return; } }

  // Before anything is painted: what was chosen on another page.
  var names = ["theme", "contrast", "elder"];
  function show(name, value) { if (value) root.setAttribute("data-" + name, value); else root.removeAttribute("data-" + name); }
  names.forEach(function (name) { show(name, kept(name)); });

  function settings() {
    names.forEach(function (name) {
      var value = kept(name), box = doc.getElementById(name === "theme" ? value || "auto" : name);
      if (box) box.checked = name === "theme" || !!value;
    });
    doc.addEventListener("change", function (event) {
      var box = event.target, name = box.name === "theme" ? "theme" : box.id;
      if (names.indexOf(name) < 0) return;
      var value = name === "theme" ? (box.id === "auto" ? "" : box.id) : box.checked ? "1" : "";
      keep(name, value);
      show(name, value);
    });
  }

  // Reading aloud, where the device has a voice for the page's language.
  function aloud() {
    var speech = window.speechSynthesis, bar = doc.querySelector(".aloud");
    if (!speech || !bar) return;
    var language = root.lang.slice(0, 2), voice, queue = [], reading = false;
    function button(name) { return bar.querySelector('[data-say="' + name + '"]'); }
    var start = button("start"), pause = button("pause"), stop = button("stop"), words = [pause.textContent, pause.getAttribute("data-other")];
    function find() {
      voice = speech.getVoices().filter(function (one) { return one.lang.slice(0, 2).toLowerCase() === language; })[0];
      bar.hidden = !voice;
    }
    function state(on) {
      reading = on;
      start.hidden = on;
      pause.hidden = stop.hidden = !on;
      pause.textContent = words[0];
    }
    // A sentence at a time: long texts fall silent on some devices.
    function next() {
      if (!reading) return;
      if (!queue.length) return state(false);
      var said = new SpeechSynthesisUtterance(queue.shift());
      said.voice = voice;
      said.lang = voice.lang;
      said.onend = said.onerror = next;
      speech.speak(said);
    }
    start.addEventListener("click", function () {
      queue = [];
      doc.querySelectorAll("h1, .answer, .remarks li, .prose > h2, .prose > h3, .prose > h4, .prose > p, .prose > ul > li, .prose > ol > li").forEach(function (part) {
        queue = queue.concat(part.textContent.match(/[^。！？；]+[。！？；]*/g) || []);
      });
      speech.cancel();
      state(true);
      next();
      pause.focus();
    });
    pause.addEventListener("click", function () {
      var paused = speech.paused;
      if (paused) speech.resume(); else speech.pause();
      pause.textContent = words[paused ? 0 : 1];
    });
    function end() { state(false); speech.cancel(); }
    stop.addEventListener("click", function () { end(); start.focus(); });
    window.addEventListener("pagehide", end);
    find();
    if (speech.addEventListener) speech.addEventListener("voiceschanged", find);
  }

  doc.addEventListener("DOMContentLoaded", function () { settings(); aloud(); });
})();

"use strict";
const button = document.getElementById("letter-copy");
const text = document.getElementById("letter-text");
const done = document.getElementById("letter-done");
button.hidden = false;
button.addEventListener("click", () => {
  const range = document.createRange();
  range.selectNodeContents(text);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  done.textContent = document.execCommand("copy") ? "Copied." : "Selected: copy it with Ctrl+C.";
});

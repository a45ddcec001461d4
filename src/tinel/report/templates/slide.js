for (const slide of document.querySelectorAll(".slide")) {
  const range = slide.querySelector("input");
  const place = slide.querySelector("output");
  const frames = slide.querySelectorAll("img");
  const show = () => {
    const shown = Number(range.value);
    frames.forEach((frame, k) => { frame.hidden = k !== shown; });
    place.textContent = frames[shown].dataset.place;
    range.setAttribute("aria-valuetext", frames[shown].dataset.place);
  };
  slide.querySelector(".moves").hidden = false;
  range.addEventListener("input", show);
  show();
}

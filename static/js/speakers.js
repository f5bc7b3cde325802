// The directory: facets stand open where there is room for them.

const facets = document.getElementById("facets");
const roomy = matchMedia("(min-width: 60rem)");

function fit() {
  facets.open = roomy.matches;
}

fit();
roomy.addEventListener("change", fit);

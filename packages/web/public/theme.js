// Runs before the first paint, in a file of its own because the page forbids inline scripts: sets the chosen theme so that nothing flashes.
const chosen = localStorage.getItem('couplet.theme')
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen

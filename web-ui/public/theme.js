// Runs before the first paint, so that a dark page never flashes white. src/lib/theme.ts writes the same key.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('guildhall.theme');
  } catch (e) {
    // Storage may be closed to us: then the system decides.
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();

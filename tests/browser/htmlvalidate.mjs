// Which rules of html-validate hold for the portal's pages, and why one is off or bent.
export default {
  root: true,
  extends: ["html-validate:standard", "html-validate:a11y"],
  rules: {
    // A region that scrolls sideways is a <div role="region" tabindex="0">: it takes part in no outline, as a <section> would.
    "prefer-native-element": ["error", { exclude: ["region"] }],
  },
};

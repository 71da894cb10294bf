// Brings the app up: checks the browser, fetches and compiles the wasm while it streams in,
// starts it, and says in plain words what happened when it cannot.
//
// Served file names are put in by the build; in this source they are the plain ones.
// What the app needs to know from here it finds in `globalThis.tributary`.

import { addressOf, compiled, fetchFile, unpacked } from "./files.js";

const version = "@version@";
const build = "@build@";
const texts = { en: "text.en.json", fr: "text.fr.json" };
const packedTexts = { en: "text.en.json.gz", fr: "text.fr.json.gz" };

// Only these two languages exist before the texts are there; everything else is in text/*.json.
const words = {
  en: {
    old: "This browser is too old for Tributary. Use Chrome or Edge 109, Firefox 115, Safari 16.4 or newer.",
    failed: "Tributary could not be loaded. Check the network connection, then try again.",
    changed: "Tributary was upgraded on the server, and this browser still shows the older one. Reload the page while holding the Shift key, or clear the browser's cache.",
    retry: "Try again",
    details: "Technical details",
  },
  fr: {
    old: "Ce navigateur est trop ancien pour Tributary. Utilisez Chrome ou Edge 109, Firefox 115, Safari 16.4 ou plus récent.",
    failed: "Impossible de charger Tributary. Vérifiez la connexion réseau, puis réessayez.",
    changed: "Tributary a été mis à niveau sur le serveur, mais ce navigateur affiche encore l’ancienne version. Rechargez la page en maintenant la touche Maj, ou videz le cache du navigateur.",
    retry: "Réessayer",
    details: "Détails techniques",
  },
};

/** The language to start with: the user's last one here, else the browser's. The app corrects it. */
function firstLanguage() {
  let remembered = null;
  try {
    remembered = localStorage.getItem("tributary.language");
  } catch {
    // Storage may be closed to us; the browser's language is good enough.
  }
  const wanted = [remembered, ...(navigator.languages || [navigator.language])];
  for (const tag of wanted) {
    const language = (tag || "").toLowerCase().split(/[-_]/)[0];
    if (language in texts) return language;
  }
  return "en";
}

/** Address of the DHIS2 server with a slash at its end, for example `https://host/dhis/`. */
function baseAddress() {
  const address = location.origin + location.pathname;
  const end = address.indexOf("/api/apps/");
  // Outside /api/apps the app was put there by hand; DHIS2 is then three folders up.
  return end >= 0 ? address.slice(0, end + 1) : addressOf("../../../").href;
}

/** What is in a text file, given by the name of its gzipped form and its own. */
async function textIn(packed, plain) {
  try {
    return await new Response(await unpacked(packed)).text();
  } catch {
    return (await fetchFile(plain)).text();
  }
}

/** The texts of a language, key → text. */
function loadText(language) {
  const known = language in texts ? language : "en";
  return textIn(packedTexts[known], texts[known]);
}

/** The style of the screens; the page's own is linked, so that it is there at once. */
async function addStyle() {
  const sheet = new CSSStyleSheet();
  await sheet.replace(await textIn("screens.css.gz", "screens.css"));
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/**
 * Whether the server has another build than this page: 2.40 and 2.41 let browsers keep an old
 * index.html after an upgrade. Then loads the page once more past the cache; only once per build.
 */
async function isOutdated() {
  let installed;
  try {
    installed = await (await fetchFile("version.json", { cache: "no-store" })).json();
  } catch {
    return false; // Cannot tell; whatever is wrong shows elsewhere.
  }
  if (!installed.build || installed.build === build) return false;
  try {
    const key = "tributary.reloadedFor";
    if (sessionStorage.getItem(key) === installed.build) return true;
    sessionStorage.setItem(key, installed.build);
  } catch {
    return true; // Without a note of having tried, a reload could go round for ever.
  }
  await fetch(location.pathname + location.search, { cache: "reload", credentials: "same-origin" });
  location.reload();
  return new Promise(() => {}); // The page goes away.
}

/** Puts a message where the app would be. */
function show(text, problem) {
  const state = document.getElementById("boot-state") || document.body;
  const message = document.createElement("div");
  message.className = "boot-message";
  message.setAttribute("role", "alert");
  const line = document.createElement("p");
  line.textContent = text;
  message.append(line);
  if (problem) {
    const retry = document.createElement("button");
    retry.type = "button";
    retry.className = "button button-primary";
    retry.textContent = words[language].retry;
    retry.addEventListener("click", () => location.reload());
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = words[language].details;
    const code = document.createElement("code");
    code.textContent = `Tributary ${version} (${build}): ${problem}`;
    details.append(summary, code);
    message.append(retry, details);
  }
  state.replaceChildren(message);
}

/**
 * Starts the Worker while the wasm is still on its way: its scripts come over the line in the same
 * time. Gives back what hands it to the app, once; nothing where it has failed by then, and the
 * app starts one itself, which then tells why.
 */
function startWorker(address) {
  let worker = null;
  try {
    worker = new Worker(address, { type: "module" });
    worker.onerror = () => (worker = null);
  } catch {
    // As above.
  }
  return () => {
    const first = worker;
    if (first) first.onerror = null;
    worker = null;
    return first;
  };
}

function isSupported() {
  return (
    typeof WebAssembly === "object" &&
    typeof WebAssembly.compileStreaming === "function" &&
    typeof DecompressionStream === "function" &&
    typeof HTMLDialogElement === "function" &&
    "adoptedStyleSheets" in document &&
    typeof Array.prototype.findLast === "function"
  );
}

async function start() {
  document.documentElement.lang = language;
  if (!isSupported()) {
    show(words[language].old);
    return;
  }
  try {
    const app = compiled("app.wasm.gz", "app.wasm");
    const worker = addressOf("worker.js").href;
    const takeWorker = startWorker(worker);
    const outdated = isOutdated();
    const firstText = loadText(language);
    const style = addStyle();
    for (const waitedFor of [firstText, style]) waitedFor.catch(() => {}); // Reported below.
    const [{ default: init }, { begin }, module, isOld, text] = await Promise.all([
      import(addressOf("app.js")),
      import(addressOf("parts.js")),
      app,
      outdated,
      firstText,
      style,
    ]);
    globalThis.tributary = Object.freeze({
      base: baseAddress(),
      build,
      language,
      languages: Object.keys(texts),
      loadText,
      module,
      outdated: isOld ? words[language].changed : "",
      takeWorker,
      text,
      version,
      worker,
    });
    begin(await init({ module_or_path: module }));
    document.getElementById("boot")?.remove();
  } catch (problem) {
    console.error("Tributary:", problem);
    // A page of another build asks for files that are gone; that says more than "not found".
    const isOld = await isOutdated();
    show(isOld ? words[language].changed : words[language].failed, problem);
  }
}

const language = firstLanguage();
start();

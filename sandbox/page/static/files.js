// File fields: what the person chose is sent along as what a file is called, how large it is and of which kind.

const chosen = new WeakMap();

export function filesOf(control) {
  return chosen.get(control) ?? [];
}

function described(file) {
  const ending = file.name.includes(".") ? file.name.split(".").at(-1).toLowerCase() : "";
  const id = `F0${Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[byte % 32]).join("")}`;
  return {
    id,
    created: Math.floor(Date.now() / 1000),
    name: file.name,
    title: file.name,
    mimetype: file.type || "application/octet-stream",
    filetype: ending || "binary",
    size: file.size,
    user: document.body.dataset.as,
    mode: "hosted",
    is_external: false,
  };
}

export function listenToFiles() {
  document.addEventListener("change", (event) => {
    const control = event.target;
    if (control.dataset?.control !== "files") return;
    const files = [...control.files].map(described);
    chosen.set(control, files);
    const words = files.map((file) => `${file.name} (${Math.ceil(file.size / 1024)} KB)`).join(", ");
    control.closest("[data-files-box]").querySelector(".file-list").textContent = words;
  });
}

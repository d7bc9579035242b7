// Say so when the server no longer answers a page that asks it again and again how far an import is.
const silent = () => document.querySelector("#server-silent");
addEventListener("htmx:sendError", () => silent()?.removeAttribute("hidden"));
addEventListener("htmx:responseError", () => silent()?.removeAttribute("hidden"));
addEventListener("htmx:afterOnLoad", () => silent()?.setAttribute("hidden", ""));

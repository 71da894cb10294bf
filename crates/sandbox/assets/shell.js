// Keeps the part behind # the same in the address bar and in the app's frame, in
// both directions, and follows the app out of the frame when it leaves its page.
// DHIS2's shell does the same, and listens to popstate only, so this does too.
const frame = document.getElementById('app')
const launch = new URL(frame.dataset.src, location.href)

frame.src = frame.dataset.src + location.hash

frame.addEventListener('load', () => {
    const inner = frame.contentWindow
    if (inner.location.pathname !== launch.pathname) {
        location.assign(inner.location.href)
        return
    }
    inner.addEventListener('popstate', () => {
        if (location.hash !== inner.location.hash) {
            history.replaceState(null, '', inner.location.hash || location.pathname + location.search)
        }
    })
    document.title = inner.document.title || document.title
})

addEventListener('popstate', () => {
    if (frame.contentWindow.location.hash !== location.hash) {
        frame.contentWindow.location.replace(launch.href + location.hash)
    }
})

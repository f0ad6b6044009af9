namespace Pneumothorax.Lab.Web.Shared.Controls;

/// <summary>Drawn on a 20 x 20 grid with round 1.6 strokes in the text's colour.</summary>
internal static class IconPaths
{
    public static string Of(IconName name) => name switch
    {
        IconName.Check => """<path d="m4.5 10.5 3.6 3.6 7.4-8"/>""",
        IconName.Plus => """<path d="M10 4.5v11M4.5 10h11"/>""",
        IconName.Minus => """<path d="M4.5 10h11"/>""",
        IconName.ChevronLeft => """<path d="m12 5-5 5 5 5"/>""",
        IconName.ChevronRight => """<path d="m8 5 5 5-5 5"/>""",
        IconName.ChevronUp => """<path d="m5 12 5-5 5 5"/>""",
        IconName.ChevronDown => """<path d="m5 8 5 5 5-5"/>""",
        IconName.ToFront => """<path d="M4.5 4h11M10 16.5V8M6 11.5l4-4 4 4"/>""",
        IconName.ArrowLeft => """<path d="M16 10H4.5M9 5l-5 5 5 5"/>""",
        IconName.ArrowRight => """<path d="M4 10h11.5M11 5l5 5-5 5"/>""",
        IconName.Menu => """<path d="M3 5.5h14M3 10h14M3 14.5h14"/>""",
        IconName.Close => """<path d="m5 5 10 10M15 5 5 15"/>""",
        IconName.Copy => """<rect x="7.5" y="7.5" width="9" height="9" rx="2"/><path d="M12.5 4.8v-.3a1.5 1.5 0 0 0-1.5-1.5H5a2 2 0 0 0-2 2v6a1.5 1.5 0 0 0 1.5 1.5h.3"/>""",
        IconName.Stop => """<rect x="5" y="5" width="10" height="10" rx="1.5"/>""",
        IconName.Play => """<path d="M6.5 4.5v11l9-5.5z"/>""",
        IconName.Pause => """<path d="M7 5v10M13 5v10"/>""",
        IconName.Download => """<path d="M10 3.5v9M6 9l4 4 4-4M4 16.5h12"/>""",
        IconName.Table => """<rect x="3" y="4" width="14" height="12" rx="1.5"/><path d="M3 8h14M8.5 8v8M8.5 12H17"/>""",
        IconName.Pin => """<path d="M7 3.5h6M8 3.5v5L5.5 11.5h9L12 8.5v-5M10 11.5v5.5"/>""",
        IconName.Sun => """<circle cx="10" cy="10" r="3.3"/><path d="M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M15.3 4.7l-1.4 1.4M6.1 13.9l-1.4 1.4"/>""",
        IconName.Moon => """<path d="M16.5 12.3A7 7 0 0 1 7.7 3.5a7 7 0 1 0 8.8 8.8Z"/>""",
        IconName.Info => """<circle cx="10" cy="10" r="7"/><path d="M10 9.3v4.2M10 6.5v.1"/>""",
        IconName.Bulb => """<path d="M7.5 14.5h5M8.2 17h3.6M7.5 14.5c0-1.8-2.3-2.8-2.3-5.8a4.8 4.8 0 0 1 9.6 0c0 3-2.3 4-2.3 5.8"/>""",
        IconName.Link => """<path d="M8.5 11.5a3 3 0 0 0 4.3 0l2.9-2.9a3 3 0 0 0-4.3-4.3L10 5.7M11.5 8.5a3 3 0 0 0-4.3 0l-2.9 2.9a3 3 0 0 0 4.3 4.3l1.4-1.4"/>""",
        IconName.Trash => """<path d="M4 5.5h12M8 5.5v-2h4v2M5.5 5.5l.8 11h7.4l.8-11M8.5 8.5v5M11.5 8.5v5"/>""",
        IconName.People => """<circle cx="7.5" cy="7" r="3"/><path d="M2.5 16.5c0-3 2-4.7 5-4.7s5 1.7 5 4.7M13 4.3a3 3 0 0 1 0 5.4M14.5 12.2c1.9.6 3 2.1 3 4.3"/>""",
        IconName.Person => """<circle cx="10" cy="6.8" r="3.3"/><path d="M3.8 16.8c0-3.3 2.4-5 6.2-5s6.2 1.7 6.2 5"/>""",
        IconName.Warning => """<path d="M10 3.5 2.8 16h14.4zM10 8.5v3.5M10 14v.1"/>""",
        IconName.Eye => """<path d="M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5Z"/><circle cx="10" cy="10" r="2.2"/>""",
        IconName.Reset => """<path d="M4 4v4h4M4.5 8A6.5 6.5 0 1 1 3.8 12"/>""",
        IconName.Comment => """<path d="M3.5 4.5h13v9h-7L6 16.5v-3H3.5z"/>""",
        IconName.Running => """<circle cx="10" cy="10" r="6.5"/><path d="M10 3.5V10h6.5A6.5 6.5 0 0 0 10 3.5Z" fill="currentColor" stroke="none"/>""",
        IconName.Queued => """<circle cx="10" cy="10" r="6.5"/>""",
        IconName.Completed => """<circle cx="10" cy="10" r="7.3" fill="currentColor" stroke="none"/><path d="m6.6 10.3 2.3 2.3 4.5-4.9" stroke="var(--sheet)" stroke-width="1.9"/>""",
        IconName.Interrupted => """<circle cx="10" cy="10" r="6.8" stroke-dasharray="3 2.3"/><path d="M8.3 7.8v4.4M11.7 7.8v4.4"/>""",
        IconName.Failed => """<circle cx="10" cy="10" r="6.8"/><path d="m7.7 7.7 4.6 4.6M12.3 7.7l-4.6 4.6"/>""",
        IconName.Canceled => """<circle cx="10" cy="10" r="6.8"/><rect x="7.7" y="7.7" width="4.6" height="4.6" rx=".6" fill="currentColor" stroke="none"/>""",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such icon."),
    };
}

using MudBlazor.Services;

namespace Pneumothorax.Lab.Web.Hosting;

internal static class Pages
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            // A page whose connection is cut comes back as it was: after a walk to another room, or a proxy's restart. The browser tries
            // for as long as the page is open (js/connection.js); after this time it opens the address anew.
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(10);
            circuits.DisconnectedCircuitMaxRetained = 200;      // two classes at once
        })
        // A browser that hears nothing for ten seconds says that the connection is lost (js/connection.js).
        .AddHubOptions(hub => hub.KeepAliveInterval = TimeSpan.FromSeconds(2));
        builder.Services.AddMudServices();
    }
}

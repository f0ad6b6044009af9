using MudBlazor.Services;

namespace Pneumothorax.Lab.Web.Hosting;

internal static class Pages
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddMudServices();
    }
}

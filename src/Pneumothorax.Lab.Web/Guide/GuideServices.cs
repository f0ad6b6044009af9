using Pneumothorax.Lab.Web.Guide.Pictures;

namespace Pneumothorax.Lab.Web.Guide;

public static class GuideServices
{
    public static void AddGuide(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ChapterLibrary>();
        builder.Services.AddScoped<CurrentModel>();
        builder.Services.AddScoped<GuideModels>();
    }
}

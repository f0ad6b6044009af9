using Pneumothorax.Lab.Classroom.OwnImages;
using Pneumothorax.Lab.Web.Hosting;

namespace Pneumothorax.Lab.Web.OwnImages;

internal static class OwnImageServices
{
    public static void AddOwnImages(this WebApplicationBuilder builder)
    {
        var usual = new OwnImageLimits();
        builder.Services.AddSingleton(new OwnImageLimits(
            builder.Configuration.WholeNumber("Lab:OwnImageMegabytes") ?? usual.Megabytes,
            builder.Configuration.WholeNumber("Lab:OwnImages") ?? usual.Images,
            builder.Configuration.WholeNumber("Lab:OwnImagesPerMinute") ?? usual.PerMinute,
            builder.Configuration.WholeNumber("Lab:OwnImageReaders") ?? usual.Readers));
    }
}

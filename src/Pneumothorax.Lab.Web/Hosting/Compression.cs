namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>
/// Scripts and styles go out compressed. The build has done that ahead for the lab's own; those of packages, two megabytes at a first visit,
/// it compresses only under the names without a fingerprint, for which no page asks.
/// </summary>
internal static class Compression
{
    // Files that are the same for everybody alone: the size of a compressed page could tell what is on it.
    public static void AddCompression(this IServiceCollection services) => services.AddResponseCompression(options =>
    {
        options.MimeTypes = ["text/css", "text/javascript"];
        options.EnableForHttps = true;
    });
}

using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.DataProtection;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Telemetry;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>Where the portal listens, what it keeps and where, and what it prints.</summary>
internal static class LabHosting
{
    private const string DefaultAddress = "http://localhost:5080";

    /// <returns>Where the rows are.</returns>
    public static LabDatabase AddHosting(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        ListenAddresses.Check(configuration);
        if (string.IsNullOrEmpty(configuration["urls"]) && string.IsNullOrEmpty(configuration["http_ports"])
            && string.IsNullOrEmpty(configuration["https_ports"]) && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }
        // Otherwise only a published portal and one in the Development environment would find wwwroot.
        builder.WebHost.UseStaticWebAssets();
        // Unless somebody edits them under the running portal: else each would be read anew, hardly compressed, and kept by no browser.
        configuration["ReloadStaticAssetsAtRuntime"] ??= "false";
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

        // The start-up message shall be what one sees; warnings and errors still show.
        try { builder.Logging.AddLabConsole(configuration["Lab:Logs"]); }
        catch (ArgumentException exception) { throw new SettingException(exception.Message); }
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);   // said in one line by Program
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);          // keys lie in a folder of their own, 0700
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error);             // a form that was open for too long
        // Not even a host who asks for talk gets secrets: the one writes whole addresses, and links that sign in carry tokens; the other
        // writes the state and cookies of a sign-in that is under way.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Authentication.OpenIdConnect", LogLevel.Warning);

        var paths = LabPaths.Resolve(configuration["Lab:DataDirectory"]);
        var database = Database(configuration.GetConnectionString("Lab"));
        var hold = DataDirectoryLock.Take(paths, database.IsShared, configuration["Lab:AllowRoot"]);
        builder.Services.AddSingleton(_ => hold);
        builder.Services.AddSingleton(paths);
        builder.Services.AddSingleton(ContentDirectory.Find(configuration["Lab:ContentDirectory"], BuildPath("ContentDirectory")));
        builder.Services.AddSingleton(PublicAddress.Read(configuration));
        // The framework's own check reads this setting; a request for any other host is answered with 400.
        if (configuration["Lab:AllowedHosts"] is { Length: > 0 } hosts) configuration["AllowedHosts"] = hosts;
        builder.Services.AddSingleton(TimeProvider.System);
        var protection = builder.Services.AddDataProtection().SetApplicationName("Pneumothorax.Lab");
        // A sign-in holds on every portal: the keys lie where all of them read.
        if (database.IsShared) protection.PersistKeysToDbContext<PostgresLabDbContext>();
        else protection.PersistKeysToFileSystem(new DirectoryInfo(paths.Keys));
        builder.Services.AddHostedService<StartMessage>();
        return database;
    }

    private static LabDatabase Database(string? setting)
    {
        try { return new(setting); }
        catch (ArgumentException exception) { throw new SettingException(exception.Message); }
    }

    /// <summary>A setting that is a whole number; null when it is not set.</summary>
    /// <exception cref="SettingException">It is set to something else.</exception>
    public static int? WholeNumber(this IConfiguration configuration, string key, int least = 1, int most = int.MaxValue) => configuration[key] switch
    {
        null or "" => null,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most => number,
        { } text => throw new SettingException(
            $"{key.Replace(":", "__", StringComparison.Ordinal)} must be a whole number {(most == int.MaxValue ? $"of {least} or more" : $"from {least} to {most}")}, not \"{text}\"."),
    };

    /// <exception cref="SettingException">It is set to something other than "true" or "false".</exception>
    public static bool OnOff(this IConfiguration configuration, string key, bool unset) => configuration[key] switch
    {
        null or "" => unset,
        { } text when bool.TryParse(text, out var on) => on,
        { } text => throw new SettingException($"{key.Replace(":", "__", StringComparison.Ordinal)} must be true or false, not \"{text}\"."),
    };

    /// <summary>A path that the build wrote into this assembly, for a portal that was not published.</summary>
    public static string? BuildPath(string key) =>
        typeof(LabHosting).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == key)?.Value;
}

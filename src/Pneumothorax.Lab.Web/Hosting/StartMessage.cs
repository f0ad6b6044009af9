using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.SignIn;
using Pneumothorax.Lab.Experiments.Runs;
using Pneumothorax.Lab.Runs.Telemetry;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Web.Hosting;

/// <summary>Prints what an instructor needs once the portal listens.</summary>
internal sealed class StartMessage(
    IServer server, ClassKeys keys, CourseStore courses, LabPaths paths, PublicAddress publicAddress, IConfiguration configuration, IHostApplicationLifetime lifetime,
    ILogger<StartMessage> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Print);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Print()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (address is null) return;

        // A browser cannot open "any address"; the instructor's own machine is a good guess.
        address = address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal);
        address = publicAddress.Origin ?? address;
        if (LabLogs.IsJson(configuration["Lab:Logs"]))
        {
            // Such logs are collected and kept: no token goes there. It is the setting Lab__InstructorToken, or in class.json.
            logger.LogInformation("Pneumothorax Lab {Version} is ready at {Address} with data in {DataDirectory}", LabVersion.Text, address, paths.DataDirectory);
            return;
        }
        // Nothing else runs in this callback, and the row is one's own.
        var code = courses.DefaultSectionAsync().GetAwaiter().GetResult().Code;
        Console.WriteLine($"""

            Pneumothorax Lab is ready at {address}
              Instructor   {address}/instructor?token={Uri.EscapeDataString(keys.InstructorToken)}
              Students     {address}/join   with the class code {code}
              Data         {paths.DataDirectory}
              Teaching only, not for diagnosis. Press Ctrl+C to stop the portal; runs continue at the next start.

            """);
    }
}

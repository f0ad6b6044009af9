using System.Diagnostics;
using System.Reflection;

namespace Pneumothorax.Lab.Web.Tests;

/// <summary>A real nginx with the configuration that ships, its names and ports put in place.</summary>
internal sealed class Proxy : IDisposable
{
    private const string Program = "/usr/sbin/nginx";

    private readonly string _folder = Directory.CreateTempSubdirectory("lab-proxy-").FullName;
    private readonly Process _process;

    public Proxy(string address, string portal1, string portal2)
    {
        var site = File.ReadAllText(typeof(Proxy).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "ProxyConfiguration").Value!);
        foreach (var (shipped, here) in new[] { ("portal-1:5080", Authority(portal1)), ("portal-2:5080", Authority(portal2)), ("listen 8080", $"listen {Authority(address)}") })
        {
            Assert.Contains(shipped, site, StringComparison.Ordinal);
            site = site.Replace(shipped, here, StringComparison.Ordinal);
        }
        File.WriteAllText(Path.Combine(_folder, "nginx.conf"), $$"""
            daemon off;
            worker_processes 1;
            pid {{_folder}}/pid;
            error_log {{_folder}}/error.log;
            events {}
            http {
              log_format upstream $upstream_addr;
              access_log {{_folder}}/access.log upstream;
              {{string.Join('\n', from kind in new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" } select $"{kind}_temp_path {_folder}/{kind};")}}
            {{site}}
            }
            """);
        _process = Process.Start(new ProcessStartInfo(Program, ["-p", _folder, "-e", $"{_folder}/error.log", "-c", $"{_folder}/nginx.conf"]))!;
    }

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>The portal of each request so far. Where one was tried in vain, the next stands behind it.</summary>
    public IReadOnlyList<string> Served => File.ReadAllLines(Path.Combine(_folder, "access.log"));

    public void Dispose()
    {
        // In order, or its worker process stays behind.
        using (var stop = Process.Start("kill", ["-TERM", $"{_process.Id}"])) stop.WaitForExit();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Authority(string address) => new Uri(address).Authority;
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pneumothorax.Lab.Browser.Tests;

/// <summary>The way from a browser to the portal, which can be cut.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly Uri _portal;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private volatile bool _isCut;
    private volatile bool _isSilent;

    public Cable(Uri portal)
    {
        _portal = portal;
        _listener.Start();
        Address = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where the browser goes.</summary>
    public Uri Address { get; }

    /// <summary>Everything that is open breaks off, and nothing gets through until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var client in _open.Keys) client.Dispose();
    }

    /// <summary>Everything stays open, and nothing gets through until <see cref="Mend"/>: a network that swallows what it is given.</summary>
    public void Silence() => _isSilent = true;

    public void Mend()
    {
        // A connection that has lost something is of no use any more.
        if (_isSilent) foreach (var client in _open.Keys) client.Dispose();
        _isCut = _isSilent = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Cut();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var browser = await _listener.AcceptTcpClientAsync(_end.Token);
                if (_isCut) browser.Dispose();
                else _ = CarryAsync(browser);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient browser)
    {
        var portal = new TcpClient();
        _open[browser] = _open[portal] = true;
        try
        {
            await portal.ConnectAsync(IPAddress.Loopback, _portal.Port);
            await Task.WhenAny(PassOnAsync(browser, portal), PassOnAsync(portal, browser));
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or the portal is being started again.
        }
        finally
        {
            browser.Dispose();
            portal.Dispose();
            _open.TryRemove(browser, out _);
            _open.TryRemove(portal, out _);
        }
    }

    private async Task PassOnAsync(TcpClient from, TcpClient to)
    {
        var (source, target) = (from.GetStream(), to.GetStream());
        var buffer = new byte[64 * 1024];
        while (await source.ReadAsync(buffer) is > 0 and var length)
        {
            if (!_isSilent) await target.WriteAsync(buffer.AsMemory(0, length));
        }
    }
}

using Microsoft.Extensions.Hosting;

namespace Pneumothorax.Lab.Runs;

public static class AfterStart
{
    /// <summary>Waits until the portal answers, so that slow work in the background does not hold that up.</summary>
    public static async Task WhenStartedAsync(this IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }
}

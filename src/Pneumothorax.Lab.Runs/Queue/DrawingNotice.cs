using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Runs.Queue;

/// <summary>Tells every portal and worker that a data set is being drawn: runs on it wait in the queue until it is there, in place of failing.</summary>
/// <remarks>The notice of a portal that was killed stays: the next portal that starts draws the set anew, or finds it there and takes the notice off.</remarks>
public sealed class DrawingNotice(IDbContextFactory<LabDbContext> contexts)
{
    public async Task PutUpAsync(string dataset, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Queue.ExecuteUpdateAsync(set => set.SetProperty(queue => queue.Drawing, dataset), cancellationToken);
    }

    public async Task TakeOffAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Queue.Where(queue => queue.Drawing != null).ExecuteUpdateAsync(set => set.SetProperty(queue => queue.Drawing, (string?)null), cancellationToken);
    }
}

using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Coursework;

/// <summary>Views that members keep as evidence. Everybody has their own, and changes only those.</summary>
public sealed class PinStore(IDbContextFactory<LabDbContext> contexts, CourseworkNotifier changes, TimeProvider clock)
{
    /// <exception cref="RequestRefusedException">The address leads out of the portal or is too long, a text has what may not come in, there are too many pins, or the member has been erased.</exception>
    public async Task<Pin> AddAsync(
        int memberId, string? question, string address, string title, string? picture, string note, CancellationToken cancellationToken = default)
    {
        if (!IsLocal(address) || (picture is not null && !IsLocal(picture))) throw new RequestRefusedException("Only views of this portal can be pinned.");
        if (InputText.Fault(title) is { } fault) throw new RequestRefusedException($"The pin's title {fault}");
        Check(note);

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await db.Members.AnyAsync(member => member.Id == memberId, cancellationToken)) throw new RequestRefusedException("You are no longer a member of this class.");
        if (await db.Pins.CountAsync(pin => pin.MemberId == memberId, cancellationToken) >= Pin.MostPerMember)
            throw new RequestRefusedException($"You already have {Pin.MostPerMember} pins. Remove some first.");
        var pin = new Pin
        {
            MemberId = memberId,
            Question = question,
            Address = address,
            Title = InputText.Cut(title, Pin.TitleLength),
            Picture = picture,
            Note = InputText.Cut(note.Trim(), Pin.NoteLength),
            At = clock.GetUtcNow(),
        };
        db.Pins.Add(pin);
        await db.SaveChangesAsync(cancellationToken);
        changes.Publish(memberId);
        return pin;
    }

    /// <returns>The newest first; of one member, or of the whole class.</returns>
    public async Task<IReadOnlyList<Pin>> ListAsync(int? memberId = null, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Pins.AsNoTracking().Where(pin => memberId == null || pin.MemberId == memberId)
            .OrderByDescending(pin => pin.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Puts a pin under a question, or under none.</summary>
    /// <returns>False when it is gone, or somebody else's.</returns>
    public async Task<bool> MoveAsync(int id, int memberId, string? question, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return Changed(memberId, await db.Pins.Where(pin => pin.Id == id && pin.MemberId == memberId)
            .ExecuteUpdateAsync(set => set.SetProperty(pin => pin.Question, question), cancellationToken));
    }

    /// <inheritdoc cref="MoveAsync"/>
    public async Task<bool> NoteAsync(int id, int memberId, string note, CancellationToken cancellationToken = default)
    {
        Check(note);
        var kept = InputText.Cut(note.Trim(), Pin.NoteLength);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return Changed(memberId, await db.Pins.Where(pin => pin.Id == id && pin.MemberId == memberId)
            .ExecuteUpdateAsync(set => set.SetProperty(pin => pin.Note, kept), cancellationToken));
    }

    /// <inheritdoc cref="MoveAsync"/>
    public async Task<bool> DeleteAsync(int id, int memberId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return Changed(memberId, await db.Pins.Where(pin => pin.Id == id && pin.MemberId == memberId).ExecuteDeleteAsync(cancellationToken));
    }

    private bool Changed(int memberId, int rows)
    {
        if (rows > 0) changes.Publish(memberId);
        return rows > 0;
    }

    /// <summary>A path from the root, and nothing that a browser takes for another host.</summary>
    private static bool IsLocal(string address) =>
        InputText.IsLine(address, Pin.AddressLength) && address is ['/'] or ['/', not ('/' or '\\'), ..];

    private static void Check(string note)
    {
        if (InputText.Fault(note) is { } fault) throw new RequestRefusedException($"The note {fault}");
    }
}

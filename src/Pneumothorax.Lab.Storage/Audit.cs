using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Storage;

/// <summary>Which entries: null for any.</summary>
/// <param name="Actor">Who did it.</param>
/// <param name="About">To whom it was done.</param>
/// <param name="From">The first moment that counts.</param>
/// <param name="Until">The first moment that no longer counts.</param>
public sealed record AuditFilter(int? Actor = null, int? About = null, AuditKind? Kind = null, DateTimeOffset? From = null, DateTimeOffset? Until = null);

/// <summary>An entry as it is read.</summary>
/// <param name="Actor">The name that they have now; null for somebody who is gone.</param>
/// <param name="About">The same of the one to whom it was done.</param>
public sealed record AuditRow(AuditEntry Entry, string? Actor, string? About);

/// <summary>The trail of what instructors and assistants do to others.</summary>
public sealed class Audit(IDbContextFactory<LabDbContext> contexts, TimeProvider clock)
{
    /// <param name="subject">To what, such as "run 18"; no names.</param>
    /// <param name="memberId">The member to whom it is done, or whose thing it is.</param>
    /// <param name="detail">What else is worth knowing; no names and no secrets.</param>
    public async Task RecordAsync(
        Viewer by, AuditKind kind, string? subject = null, int? memberId = null, string detail = "", CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.Audit.Add(Entry(by, kind, subject, memberId, detail));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>For what is written in one transaction with the deed: add it to that context.</summary>
    internal AuditEntry Entry(Viewer by, AuditKind kind, string? subject = null, int? memberId = null, string detail = "") => new()
    {
        At = clock.GetUtcNow(),
        ActorId = by.MemberId,
        Kind = kind,
        Subject = subject is null ? null : Cut(subject, AuditEntry.SubjectLength),
        MemberId = memberId,
        Detail = Cut(detail, AuditEntry.DetailLength),
        Address = by.Address is null ? null : Cut(by.Address, AuditEntry.AddressLength),
    };

    /// <param name="before">Only entries older than this one; null from the newest on.</param>
    /// <returns>The newest first.</returns>
    public async Task<IReadOnlyList<AuditRow>> ListAsync(AuditFilter filter, int? before = null, int most = int.MaxValue, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var entries = db.Audit.AsNoTracking();
        if (filter.Actor is { } actor) entries = entries.Where(entry => entry.ActorId == actor);
        if (filter.About is { } about) entries = entries.Where(entry => entry.MemberId == about);
        if (filter.Kind is { } kind) entries = entries.Where(entry => entry.Kind == kind);
        if (filter.From is { } from) entries = entries.Where(entry => entry.At >= from);
        if (filter.Until is { } until) entries = entries.Where(entry => entry.At < until);
        if (before is { } id) entries = entries.Where(entry => entry.Id < id);
        return await entries.OrderByDescending(entry => entry.Id).Take(most)
            .Select(entry => new AuditRow(
                entry,
                db.Members.Where(member => member.Id == entry.ActorId).Select(member => member.Name).FirstOrDefault(),
                db.Members.Where(member => member.Id == entry.MemberId).Select(member => member.Name).FirstOrDefault()))
            .ToListAsync(cancellationToken);
    }

    /// <returns>Everybody who has done something, by name; null for a name that is gone.</returns>
    public async Task<IReadOnlyList<(int Id, string? Name)>> ActorsAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var actors = await db.Audit.Where(entry => entry.ActorId != null).Select(entry => entry.ActorId!.Value).Distinct()
            .Select(id => new { id, name = db.Members.Where(member => member.Id == id).Select(member => member.Name).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        return [.. actors.OrderBy(actor => actor.name is null).ThenBy(actor => actor.name).ThenBy(actor => actor.id).Select(actor => (actor.id, actor.name))];
    }

    private static string Cut(string text, int most) => text.Length <= most ? text : InputText.Cut(text, most - 1) + "…";
}

using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Storage.Names;

/// <summary>Who has which name: by <see cref="NameKey"/>, never by what a database takes for equal.</summary>
public static class MemberNames
{
    /// <summary>Stands between a key and a member's number where a lab from before there were keys has two members of one key. No key has it.</summary>
    private const char Apart = '\t';

    /// <returns>Whose name this is, or looks like; of those whom an older lab let in side by side, the one with exactly this name.</returns>
    public static async Task<Member?> FindByNameAsync(this LabDbContext db, string name, CancellationToken cancellationToken)
    {
        var key = NameKey.Of(name);
        var beside = key + Apart;
        var found = await db.Members.AsNoTracking().Where(member => member.NameKey == key || member.NameKey!.StartsWith(beside)).OrderBy(member => member.Id).ToListAsync(cancellationToken);
        return found.Find(member => member.Name == name) ?? found.Find(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase)) ?? found.FirstOrDefault();
    }

    /// <summary>Gives members from before there were keys theirs. Whoever came second with a key keeps the name, and gets a key of their own.</summary>
    /// <returns>Names that look like that of somebody who came before.</returns>
    internal static async Task<IReadOnlyList<string>> FillKeysAsync(LabDbContext db, CancellationToken cancellationToken)
    {
        if (await db.Members.Where(member => member.NameKey == null).OrderBy(member => member.Id).ToListAsync(cancellationToken) is not { Count: > 0 } without) return [];
        var taken = (await db.Members.Where(member => member.NameKey != null).Select(member => member.NameKey!).ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        List<string> alike = [];
        foreach (var member in without)
        {
            var key = NameKey.Of(member.Name);
            if (taken.Add(key)) member.NameKey = key;
            else
            {
                member.NameKey = FormattableString.Invariant($"{key}{Apart}{member.Id}");
                alike.Add(member.Name);
            }
        }
        await db.SaveChangesAsync(cancellationToken);
        return alike;
    }
}

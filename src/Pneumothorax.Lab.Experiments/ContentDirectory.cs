namespace Pneumothorax.Lab.Experiments;

/// <summary>Chapters, glossary and reference models: what an instructor edits without C#.</summary>
public sealed record ContentDirectory(string Path)
{
    /// <param name="chosen">The setting; else <c>content</c> beside a published portal; else the repository's.</param>
    /// <param name="built">Of the repository, as the build wrote it down.</param>
    /// <exception cref="SettingException">There is no such folder: the guide and the handbook would be empty without a word.</exception>
    public static ContentDirectory Find(string? chosen, string? built)
    {
        if (!string.IsNullOrWhiteSpace(chosen))
        {
            return Directory.Exists(chosen) ? new(System.IO.Path.GetFullPath(chosen)) : throw new SettingException($"Lab__ContentDirectory must be a folder with chapters, and there is no folder \"{chosen}\".");
        }

        var published = System.IO.Path.Combine(AppContext.BaseDirectory, "content");
        return new(Directory.Exists(published) ? published : built ?? published);
    }
}

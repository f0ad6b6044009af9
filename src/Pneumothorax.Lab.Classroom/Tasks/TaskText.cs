using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Where a student stands with a task, in words.</summary>
public static class TaskText
{
    private static readonly string[] s_ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

    /// <returns>"Solved at the first try", "1 try so far"; nothing before the first.</returns>
    public static string Tries(TaskStanding? standing) => standing switch
    {
        null => "",
        { IsSolved: true, Tries: var tries } when tries <= s_ordinals.Length => $"Solved at the {s_ordinals[tries - 1]} try",
        { IsSolved: true, Tries: var tries } => $"Solved at try {tries}",
        { Tries: 1 } => "1 try so far",
        { Tries: var tries } => $"{tries} tries so far",
    };
}

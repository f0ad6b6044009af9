using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pneumothorax.Lab.Classroom.Courses;
using Pneumothorax.Lab.Classroom.Coursework;
using Pneumothorax.Lab.Classroom.OwnImages;

namespace Pneumothorax.Lab.Classroom;

public static class ClassroomStores
{
    /// <summary>Courses, coursework, students' own images and what erases them. The host also registers the runs.</summary>
    public static IServiceCollection AddClassroomStores(this IServiceCollection services)
    {
        services.AddSingleton<CourseStore>();
        services.AddSingleton<CourseDatasets>();
        services.AddSingleton<AttemptStore>();
        services.AddSingleton<AnswerStore>();
        services.AddSingleton<PinStore>();
        services.TryAddSingleton(new OwnImageLimits());
        services.AddSingleton<OwnImageStore>();
        services.AddSingleton<UntrustedImageReader>();
        services.AddSingleton<OwnImageService>();
        services.AddSingleton<StudentErasure>();
        services.AddSingleton<PurgeStore>();
        return services;
    }
}
